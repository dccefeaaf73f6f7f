using EdgeTwin.Journal;

namespace EdgeTwin.Upstream;

/// <summary>
/// A piece of the journal's sequence. <paramref name="After"/> is the position before it, so that two stretches touch
/// when the end of one is the <paramref name="After"/> of the other, also across epochs and removed samples.
/// </summary>
/// <param name="After">Last position before the stretch.</param>
/// <param name="First">Its first sample; beyond <paramref name="Last"/> when it holds none.</param>
/// <param name="Last">Its last position.</param>
internal readonly record struct Stretch(Position After, Position First, Position Last)
{
    public bool IsEmpty => First > Last;

    /// <summary>How many places from the first to the last.</summary>
    public long Places => IsEmpty ? 0 : Last.Sequence - First.Sequence + 1;

    /// <summary>A stretch between two positions that is known to hold no sample.</summary>
    public static Stretch Empty(Position after, Position last) =>
        new(after, last with { Sequence = last.Sequence + 1 }, last);
}
