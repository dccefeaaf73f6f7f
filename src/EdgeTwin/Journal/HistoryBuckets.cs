using System.Diagnostics.CodeAnalysis;
using EdgeTwin.Journal.Codec;

namespace EdgeTwin.Journal;

/// <summary>Sums samples up in buckets of equal length; takes them in order of time.</summary>
internal sealed class HistoryBuckets(long from, long to, long length)
{
    private readonly List<HistoryBucket> finished = [];
    private ChunkSummary? current;
    private long start;
    private bool holds;
    private double held;
    private ChunkSummary? carried;

    public void Add(in HistorySample sample)
    {
        MoveTo(sample.SourceTime.Ticks);
        current.Add(sample.SourceTime.Ticks, sample.Status, sample.Value);
    }

    /// <summary>Adds a whole stretch when it lies within one bucket.</summary>
    public bool TryAdd(ChunkSummary stretch)
    {
        if ((stretch.OldestTicks - from) / length != (stretch.NewestTicks - from) / length) return false;
        MoveTo(stretch.OldestTicks);
        current.Add(stretch);
        return true;
    }

    public IReadOnlyList<HistoryBucket> Finish()
    {
        Close();
        return finished;
    }

    [MemberNotNull(nameof(current))]
    private void MoveTo(long ticks)
    {
        var wanted = from + ((ticks - from) / length * length);
        if (current != null && wanted == start) return;
        Close();
        start = wanted;
        current = new ChunkSummary();
        // The value that held at the end of the bucket before holds until this sample.
        carried = new ChunkSummary();
        if (holds) carried.Carry(held, start, ticks);
    }

    private void Close()
    {
        if (current is not { Count: > 0 } summary) return;
        summary.HoldUntil(Math.Min(start + length, to));
        holds = summary.LastHolds;
        held = summary.Held;
        var covered = summary.CoveredTicks + carried!.CoveredTicks;
        var any = summary.Numeric > 0;
        finished.Add(new HistoryBucket(
            new DateTime(start, DateTimeKind.Utc),
            summary.Count,
            summary.Good,
            any ? summary.Min : null,
            any ? summary.Max : null,
            any ? summary.Sum / summary.Numeric : null,
            covered > 0 ? (summary.Integral + carried.Integral) / covered : any ? summary.Last : null,
            any ? summary.First : null,
            any ? summary.Last : null,
            summary.Worst));
        current = null;
    }
}
