namespace EdgeTwin.Journal;

/// <summary>What became of the samples of one epoch on the way to one uplink.</summary>
/// <param name="Epoch">The epoch.</param>
/// <param name="Last">Last place that is known.</param>
/// <param name="Delivered">Samples proven delivered. After a crash it may be more than was kept.</param>
/// <param name="Filtered">Samples that the uplink's filter left out.</param>
/// <param name="Ranges">All places from 1 to the last, in order.</param>
internal sealed record EpochLedger(
    long Epoch, long Last, long Delivered, long Filtered, IReadOnlyList<LedgerRange> Ranges)
{
    public long Pending => Sum(LedgerState.Pending);

    public long GivenUp => Sum(LedgerState.GivenUp);

    /// <summary>Settled before the uplink existed or before the gateway kept an account.</summary>
    public long Unaccounted => Math.Max(0, Sum(LedgerState.Settled) - Delivered - Filtered);

    public static EpochLedger Of(long epoch, long last, UplinkCursor cursor, IReadOnlyList<Loss> losses)
    {
        var (delivered, filtered) = cursor.Account.Epochs.GetValueOrDefault(epoch);
        return new EpochLedger(epoch, last, delivered, filtered, Split(epoch, last, cursor, losses));
    }

    private static List<LedgerRange> Split(long epoch, long last, UplinkCursor cursor, IReadOnlyList<Loss> losses)
    {
        var settled = new List<(long First, long Last)>();
        if (cursor.Position.Epoch > epoch) settled.Add((1, last));
        else if (cursor.Position.Epoch == epoch) settled.Add((1, cursor.Position.Sequence));
        settled.AddRange(cursor.Ahead.Where(range => range.First.Epoch == epoch)
            .Select(range => (range.First.Sequence, range.Last.Sequence)));
        var ranges = new List<LedgerRange>();
        var next = 1L;
        foreach (var (from, to) in settled)
        {
            Add(ranges, next, from - 1, LedgerState.Pending);
            AddSettled(ranges, Math.Max(next, from), to, epoch, cursor.Account.Holes, losses);
            next = Math.Max(next, to + 1);
        }

        Add(ranges, next, last, LedgerState.Pending);
        return ranges;
    }

    private static void AddSettled(List<LedgerRange> ranges, long first, long last, long epoch,
        IReadOnlyList<Hole> holes, IReadOnlyList<Loss> losses)
    {
        foreach (var hole in holes.OrderBy(hole => hole.After))
        {
            if (hole.Before <= new Position(epoch, first) || hole.After >= new Position(epoch, last)) continue;
            var from = hole.After.Epoch < epoch ? first : Math.Max(first, hole.After.Sequence + 1);
            var to = hole.Before.Epoch > epoch ? last : Math.Min(last, hole.Before.Sequence - 1);
            if (from > to) continue;
            Add(ranges, first, from - 1, LedgerState.Settled);
            ranges.Add(new LedgerRange(from, to, LedgerState.GivenUp,
                hole.IsRefused ? LossTable.Refused : RuleOf(epoch, from, to, losses)));
            first = to + 1;
        }

        Add(ranges, first, last, LedgerState.Settled);
    }

    private static string RuleOf(long epoch, long first, long last, IReadOnlyList<Loss> losses)
    {
        var rules = losses.Where(loss => loss.Last >= new Position(epoch, first)
            && loss.First <= new Position(epoch, last)).Select(loss => loss.Rule).Distinct().ToList();
        return rules.Count == 0 ? "unknown" : string.Join(", ", rules);
    }

    private static void Add(List<LedgerRange> ranges, long first, long last, LedgerState state)
    {
        if (first <= last) ranges.Add(new LedgerRange(first, last, state));
    }

    private long Sum(LedgerState state) => Ranges.Where(range => range.State == state).Sum(range => range.Places);
}
