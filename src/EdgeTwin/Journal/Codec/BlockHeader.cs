namespace EdgeTwin.Journal.Codec;

/// <summary>What a block says of itself.</summary>
/// <param name="First">Position of its first sample.</param>
/// <param name="Count">Number of samples.</param>
internal readonly record struct BlockHeader(Position First, int Count)
{
    public Position Last => First with { Sequence = First.Sequence + Count - 1 };
}
