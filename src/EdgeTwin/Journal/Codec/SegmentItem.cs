namespace EdgeTwin.Journal.Codec;

/// <summary>A timeline or chunk within the body of a segment.</summary>
/// <param name="Offset">Where it begins, in bytes.</param>
/// <param name="Length">How long it is, in bytes.</param>
/// <param name="Summary">What it sums up to; empty for a timeline.</param>
internal readonly record struct SegmentItem(long Offset, int Length, ChunkSummary Summary);
