using EdgeTwin.Journal;

namespace EdgeTwin.Upstream.Audit;

/// <summary>
/// Holds a receiver's record against the ledger of an uplink and against the journal. A bit for each place is all the
/// memory it takes.
/// </summary>
internal sealed class DeliveryAudit(UplinkLedger ledger, JournalLookup journal, Position from, Position to)
{
    private const int MostExamples = 10;
    private const int MostGaps = 20;

    /// <summary>Half a gigabyte of bits.</summary>
    private const int MostPages = 65_536;

    private readonly Dictionary<long, PlaceSet> seen = [];
    private readonly List<string> examples = [];
    private long samples;
    private long duplicates;
    private long compared;
    private long changed;
    private long strange;
    private int pages;

    /// <exception cref="JournalException">The record is too scattered to be audited in one go.</exception>
    public AuditResult Run(ReceiverRecord record)
    {
        var known = ledger.Epochs.Select(epoch => epoch.Epoch).ToHashSet();
        foreach (var sample in record.Read())
        {
            var place = new Position(sample.Epoch, sample.Sequence);
            if (place < from || place > to) continue;
            samples++;
            if (!known.Contains(sample.Epoch)) strange++;
            else Take(sample, place);
        }

        return new AuditResult
        {
            Uplink = ledger.Uplink,
            Epochs = [.. ledger.Epochs.Where(IsIn).Select(Judge)],
            Samples = samples,
            Duplicates = duplicates,
            Changed = changed,
            ChangedExamples = examples,
            Compared = compared,
            Strange = strange,
            Unreadable = record.Unreadable,
            FirstProblem = record.FirstProblem,
        };
    }

    private void Take(in ReceivedSample sample, Position place)
    {
        if (!seen.TryGetValue(sample.Epoch, out var places)) seen[sample.Epoch] = places = new PlaceSet();
        var before = places.OpenPages;
        if (!places.Add(sample.Sequence)) duplicates++;
        pages += places.OpenPages - before;
        if (pages > MostPages) throw new JournalException(
            "the record is too scattered to be audited at once; audit it in parts with --from and --to");
        if (sample is not { Tag: { } tag, Value: { } value }) return;
        if (journal.Holds(place, tag, sample.Time, value) is not { } same) return;
        compared++;
        if (same) return;
        changed++;
        if (examples.Count < MostExamples)
            examples.Add($"{place}: the journal has no {tag} = {value}"
                + (sample.Time is { } time ? $" at {time:O}" : "") + " there");
    }

    private bool IsIn(EpochLedger epoch) => epoch.Epoch >= from.Epoch && epoch.Epoch <= to.Epoch;

    private EpochFindings Judge(EpochLedger epoch)
    {
        var places = seen.GetValueOrDefault(epoch.Epoch) ?? new PlaceSet();
        var first = epoch.Epoch == from.Epoch ? from.Sequence : 1;
        var last = epoch.Epoch == to.Epoch ? to.Sequence : long.MaxValue;
        var settled = epoch.Ranges.Where(range => range.State == LedgerState.Settled)
            .Select(range => (First: Math.Max(first, range.First), Last: Math.Min(last, range.Last)))
            .Where(range => range.First <= range.Last).ToList();
        var received = settled.Sum(range => places.CountIn(range.First, range.Last));
        var isWhole = first == 1 && last >= epoch.Last;
        // What a filter left out, or what was settled before the account began, was nobody's to deliver. Which places
        // that were is not kept, only how many.
        var isExact = epoch.Filtered == 0 && epoch.Unaccounted == 0;
        var due = isExact ? settled.Sum(range => range.Last - range.First + 1) : isWhole ? epoch.Delivered : received;
        return new EpochFindings
        {
            Epoch = epoch.Epoch,
            Received = places.Count,
            Delivered = due,
            Missing = Math.Max(0, due - received),
            Gaps = isExact
                ? [.. settled.SelectMany(range => places.GapsIn(range.First, range.Last)).Take(MostGaps)]
                : [],
            GivenUp = epoch.GivenUp,
            Pending = epoch.Pending,
        };
    }
}
