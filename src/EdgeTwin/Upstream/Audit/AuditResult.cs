namespace EdgeTwin.Upstream.Audit;

/// <summary>What an audit of a receiver's record found.</summary>
internal sealed record AuditResult
{
    public required string Uplink { get; init; }

    /// <summary>By epoch, the oldest first.</summary>
    public required IReadOnlyList<EpochFindings> Epochs { get; init; }

    /// <summary>Samples in the record.</summary>
    public required long Samples { get; init; }

    /// <summary>Samples that came more than once: after a lost connection that is as it should be.</summary>
    public required long Duplicates { get; init; }

    /// <summary>Samples whose tag, time or value is not what the journal has.</summary>
    public required long Changed { get; init; }

    /// <summary>The first of them, in words.</summary>
    public required IReadOnlyList<string> ChangedExamples { get; init; }

    /// <summary>Samples compared with the journal.</summary>
    public required long Compared { get; init; }

    /// <summary>Samples of epochs that the journal does not know.</summary>
    public required long Strange { get; init; }

    /// <summary>Lines of the record that could not be read.</summary>
    public required long Unreadable { get; init; }

    /// <summary>The first of them; null when there is none.</summary>
    public string? FirstProblem { get; init; }

    public long Missing => Epochs.Sum(epoch => epoch.Missing);

    /// <summary>Nothing that the gateway has proof of is missing, changed or unreadable.</summary>
    public bool IsSound => Missing == 0 && Changed == 0 && Strange == 0 && Unreadable == 0;
}
