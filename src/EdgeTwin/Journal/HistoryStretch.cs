using EdgeTwin.Journal.Codec;

namespace EdgeTwin.Journal;

/// <summary>A piece of one tag's history that is stored together.</summary>
/// <param name="OldestTicks">Oldest source time.</param>
/// <param name="NewestTicks">Newest source time.</param>
/// <param name="Summary">What all of it sums up to, when all of it was asked for and that is known.</param>
/// <param name="Read">Its samples in order of time.</param>
internal sealed record HistoryStretch(
    long OldestTicks, long NewestTicks, ChunkSummary? Summary, Func<List<HistorySample>> Read);
