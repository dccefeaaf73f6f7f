namespace EdgeTwin.Journal;

/// <summary>Places that an uplink passed because the journal no longer had their samples, or because the far side does
/// not take one.</summary>
/// <param name="After">The last place before it.</param>
/// <param name="Before">The first place behind it.</param>
/// <param name="IsRefused">The far side does not take it; the journal has it.</param>
internal readonly record struct Hole(Position After, Position Before, bool IsRefused = false)
{
    /// <summary>Samples that were there; unknown, and 0, where an epoch ended in between.</summary>
    public long Samples => After.Epoch == Before.Epoch ? Before.Sequence - After.Sequence - 1
        : Before.Sequence - 1;

    /// <summary>One sample that the far side does not take.</summary>
    public static Hole Refused(Position sample) => new(sample with { Sequence = sample.Sequence - 1 },
        sample with { Sequence = sample.Sequence + 1 }, IsRefused: true);
}
