namespace EdgeTwin.Twin;

/// <summary>What went through the twin since it started.</summary>
internal readonly record struct TwinCounters
{
    /// <summary>Samples that came in through the inbox.</summary>
    public long SamplesIn { get; init; }

    /// <summary>Samples that were handed to the journal, derived ones and alarm states included.</summary>
    public long SamplesRecorded { get; init; }

    /// <summary>Batches that came in.</summary>
    public long Batches { get; init; }

    /// <summary>Derived values computed.</summary>
    public long Derivations { get; init; }

    /// <summary>Samples with a source time before the newest one of their tag: or that came as history: recorded,
    /// but not made the live state.</summary>
    public long LateSamples { get; init; }

    /// <summary>Samples of the wrong data type, or of none while not bad.</summary>
    public long TypeMismatches { get; init; }

    /// <summary>Samples outside the range of their tag.</summary>
    public long OutOfRange { get; init; }

    /// <summary>Samples of a tag that does not exist; a programmer's error somewhere, so they are counted and
    /// dropped.</summary>
    public long UnknownTags { get; init; }

    /// <summary>How often the journal was full and the twin waited for it.</summary>
    public long BackPressureWaits { get; init; }
}
