namespace EdgeTwin.Journal;

/// <summary>Places that an uplink passed because the journal no longer had their samples.</summary>
/// <param name="After">The last place before it.</param>
/// <param name="Before">The first place behind it.</param>
internal readonly record struct Hole(Position After, Position Before)
{
    /// <summary>Samples that were there; unknown, and 0, where an epoch ended in between.</summary>
    public long Samples => After.Epoch == Before.Epoch ? Before.Sequence - After.Sequence - 1
        : Before.Sequence - 1;
}
