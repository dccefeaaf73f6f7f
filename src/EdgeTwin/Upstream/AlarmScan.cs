using EdgeTwin.Journal;
using EdgeTwin.Tags;

namespace EdgeTwin.Upstream;

/// <summary>
/// Looks for changes of alarms in what an outage left behind, ahead of the history lane, so that they do not wait
/// behind process values of hours or days. Owned by the drain.
/// </summary>
internal sealed class AlarmScan
{
    /// <summary>Reads in one turn; between two turns others go.</summary>
    private const int MostReads = 8;

    /// <summary>Samples in one turn.</summary>
    private const long MostSamples = 2048;

    private readonly SampleFilter? filter;
    private readonly Func<TagId, bool> isAlarm;
    private Position seenTo;

    public AlarmScan(UplinkPlan plan, TimeProvider time)
    {
        filter = plan.Order == DrainOrder.LiveFirst ? plan.Filter.Alarms() : null;
        isAlarm = filter is null ? static _ => false : filter.IsAlarm;
        Lane = new Lane(filter ?? SampleFilter.Open, batch: 1, time);
    }

    /// <summary>Alarms that were found.</summary>
    public Lane Lane { get; }

    /// <summary>Looks on where it stopped. True when the lane holds alarms that are still to be sent.</summary>
    public async ValueTask<bool> FindAsync(IOutbox outbox, DeliveryLedger ledger, CancellationToken cancellation)
    {
        if (filter is not { HasAlarms: true }) return false;
        var samples = 0L;
        for (var reads = 0; reads < MostReads && samples < MostSamples; reads++)
        {
            if (Lane.After > seenTo) seenTo = Lane.After;
            if (ledger.GapBehind(seenTo) is not { } gap) return false;
            if (Lane.IsEmpty && TrySkip(outbox, gap.After, gap.Last)) continue;
            await Lane.ReadAsync(outbox, gap.After, wanted: 1, cancellation);
            Lane.Cut(gap.Last);
            if (!Lane.IsEmpty) return true;
            if (Lane.TryTakeFiltered(out var passed)) samples += passed.Places;
            else seenTo = gap.Last; // retention has taken the rest of it
        }

        return false;
    }

    private bool TrySkip(IOutbox outbox, Position after, Position last)
    {
        var to = outbox.Skip(after, isAlarm);
        if (to == after) return false;
        Lane.Skip(after, to < last ? to : last);
        return true;
    }

    /// <summary>The connection is gone: it begins again.</summary>
    public void Clear()
    {
        Lane.Clear();
        seenTo = default;
    }
}
