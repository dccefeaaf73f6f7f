using EdgeTwin.Journal;

namespace EdgeTwin.Upstream;

/// <summary>
/// Decides what goes next and sends it. While there is a gap, live and history take turns; history may use a part of
/// the window only, so that a live message never stands behind more than that. Owned by the pump.
/// </summary>
internal sealed class Drain
{
    /// <summary>A backlog that goes this far beyond a full read is worth a jump.</summary>
    private const long JumpDistance = 2048;

    /// <summary>Samples of history between two looks at what is live.</summary>
    private const int HistoryChunk = 256;

    /// <summary>With more pieces than this no alarm goes ahead of history until some have closed. They are part of the
    /// cursor that the journal keeps.</summary>
    private const int MostIslands = 256;

    /// <summary>More pieces than this are not opened; then the order of the sequence holds until some have
    /// closed.</summary>
    private const int MostPieces = MostIslands + 16;

    /// <summary>Reads in search of the oldest sample that goes, where a filter leaves most of them out.</summary>
    private const int MostReads = 100;

    private readonly IUplink uplink;
    private readonly IOutbox outbox;
    private readonly UplinkPlan plan;
    private readonly TimeProvider time;
    private readonly DrainRate rate;
    private readonly Lock gate;
    private readonly Lane live;
    private readonly Lane history;
    private readonly AlarmScan alarms;
    private readonly HistoryWindow historyWindow;
    private bool liveTurn;
    private long sent;
    private long messages;

    public Drain(IUplink uplink, IOutbox outbox, UplinkPlan plan, TimeProvider time, Lock gate)
    {
        this.uplink = uplink;
        this.outbox = outbox;
        this.plan = plan;
        this.time = time;
        this.gate = gate;
        rate = new DrainRate(plan.DrainRate, Chunk, time);
        live = new Lane(plan.Filter, plan.BatchSamples, time);
        history = new Lane(plan.Filter, plan.BatchSamples, time);
        alarms = new AlarmScan(plan, time);
        historyWindow = new HistoryWindow(Math.Max(1, uplink.Window / 2));
        Ledger = new DeliveryLedger(outbox.Cursor, outbox.Ahead);
        InFlight = new InFlightMessages(uplink.Window);
    }

    public DeliveryLedger Ledger { get; }

    /// <summary>What became of samples since the journal was told.</summary>
    public DeliveryProgress Progress { get; } = new();

    /// <summary>Guarded by the gate.</summary>
    public InFlightMessages InFlight { get; }

    /// <summary>
    /// Messages that are delivered while their cursor is not durable. Together with those in flight they are what a
    /// crash sends again, so they count towards the window. Guarded by the gate.
    /// </summary>
    public int Unsaved { get; set; }

    /// <summary>No message waits for more samples any longer.</summary>
    public bool Hurries { get; set; }

    /// <summary>How long until what was paced or gathered is due.</summary>
    public TimeSpan? Due { get; private set; }

    /// <summary>Why samples were given up last; null when none were.</summary>
    public string? Refusal { get; private set; }

    /// <summary>Everything up to here was read to go live.</summary>
    public Position LiveReadTo => live.ReadTo > Ledger.LiveNext ? live.ReadTo : Ledger.LiveNext;

    public long Sent => Interlocked.Read(ref sent);

    public long Messages => Interlocked.Read(ref messages);

    private int Chunk => Math.Max(HistoryChunk, plan.BatchSamples);

    /// <summary>Sends a little of what is due.</summary>
    /// <exception cref="UplinkException">The connection is gone.</exception>
    public async ValueTask<Turn> TakeTurnAsync(CancellationToken cancellation)
    {
        Due = null;
        if (!Ledger.HasGap) return await SendLiveAsync(cancellation);
        // A gap that is not committed must be filled first: a crash now would leave a hole behind what is live.
        if (plan.Order == DrainOrder.HistoryFirst
            || Ledger.LastGapEnd > outbox.Committed) return await SendHistoryAsync(cancellation);

        liveTurn = !liveTurn;
        if (liveTurn)
        {
            var turn = await SendLiveAsync(cancellation);
            if (turn is not (Turn.Nothing or Turn.Gathering)) return turn;
        }

        var past = await SendPastAsync(cancellation);
        if (past is not (Turn.Held or Turn.Paced)) return past;
        if (liveTurn) return Turn.Held; // nothing was live a moment ago; what comes now is watched for
        var now = await SendLiveAsync(cancellation);
        return now is Turn.Nothing or Turn.Gathering ? Turn.Held : now;
    }

    /// <summary>Receive time of the first sample that is still to be sent; null when there is none.</summary>
    public async ValueTask<DateTime?> OldestAsync(CancellationToken cancellation)
    {
        await history.ReadAsync(outbox, Ledger.HistoryNext, 1, cancellation);
        for (var reads = 1; reads < MostReads && history.TryTakeFiltered(out _); reads++)
            await history.ReadAsync(outbox, history.After, 1, cancellation);
        return history.IsEmpty ? null : history.Received;
    }

    /// <summary>A message is proven delivered.</summary>
    public void Settle(in InFlightMessages.Message message)
    {
        if (message.History) historyWindow.Proven(time.GetElapsedTime(message.SentAt));
        Settle(message.Stretch, message.Samples);
    }

    /// <summary>The connection is gone: what was not proven goes again. Returns how many samples that are.</summary>
    public long Rewind()
    {
        long unproven;
        lock (gate)
        {
            unproven = InFlight.Samples();
            InFlight.Clear();
        }
        Ledger.Rewind();
        live.Clear();
        history.Clear();
        alarms.Clear();
        historyWindow.Reset();
        return unproven;
    }

    private async ValueTask<Turn> SendLiveAsync(CancellationToken cancellation)
    {
        await live.ReadAsync(outbox, Ledger.LiveNext, plan.BatchSamples, cancellation);
        if (live.TryTakeFiltered(out var leftOut))
        {
            Ledger.ClaimLive(leftOut.Last);
            Settle(leftOut, 0);
            return Turn.Sent;
        }

        if (live.IsEmpty) return Turn.Nothing;
        if (!IsFarBehind(out var committed))
            return Gathers() ? Turn.Gathering : await SendAsync(live, Way.Live, isBacklog: false);
        // Without a jump the backlog goes in the order of the sequence.
        if (plan.Order != DrainOrder.LiveFirst || Ledger.Pieces >= MostPieces)
            return await SendAsync(live, Way.Live, isBacklog: true);
        Ledger.Jump(committed);
        return Turn.Sent;
    }

    // Only what is committed may be skipped: a crash would otherwise leave a hole that nobody can fill.
    private bool IsFarBehind(out Position committed)
    {
        committed = outbox.Committed;
        if (!live.WasFull) return false;
        var last = live.ReadTo;
        return committed > last && (committed.Epoch != last.Epoch || committed.Sequence - last.Sequence > JumpDistance);
    }

    // A batch waits until it is full or its first sample has waited long enough.
    private bool Gathers()
    {
        if (live.Count >= plan.BatchSamples || live.HasUrgent || Hurries) return false;
        var left = plan.BatchAge - time.GetElapsedTime(live.Since);
        if (left <= TimeSpan.Zero) return false;
        SetDue(left);
        return true;
    }

    private async ValueTask<Turn> SendHistoryAsync(CancellationToken cancellation)
    {
        await history.ReadAsync(outbox, Ledger.HistoryNext, plan.BatchSamples, cancellation);
        if (Ledger.HasGap) history.Cut(Ledger.HistoryLimit);
        if (history.TryTakeFiltered(out var leftOut))
        {
            Ledger.ClaimHistory(leftOut.Last);
            Settle(leftOut, 0);
            return Turn.Sent;
        }

        if (!history.IsEmpty) return await SendAsync(history, Way.History, isBacklog: true);
        if (!Ledger.HasGap) return Turn.Nothing;
        // Retention has taken it, or the epoch ended there.
        var limit = Ledger.HistoryLimit;
        Miss(new Hole(Ledger.HistoryNext, limit with { Sequence = limit.Sequence + 1 }));
        Ledger.CloseEmptyGap();
        return Turn.Sent;
    }

    // Alarms of a backlog before the rest of it.
    private async ValueTask<Turn> SendPastAsync(CancellationToken cancellation) =>
        await SendAlarmsAsync(cancellation) is (Turn.Sent or Turn.Full) and var urgent
            ? urgent : await SendHistoryAsync(cancellation);

    private async ValueTask<Turn> SendAlarmsAsync(CancellationToken cancellation) =>
        Ledger.Pieces < MostIslands && await alarms.FindAsync(outbox, Ledger, cancellation)
            ? await SendAsync(alarms.Lane, Way.Alarm, isBacklog: true) : Turn.Nothing;

    private async ValueTask<Turn> SendAsync(Lane lane, Way way, bool isBacklog)
    {
        var result = Fill(lane, way, isBacklog, out var any);
        if (any) await uplink.FlushAsync();
        return any && result != Turn.Full ? Turn.Sent : result;
    }

    private Turn Fill(Lane lane, Way way, bool isBacklog, out bool any)
    {
        any = false;
        var left = isBacklog ? Math.Min(Chunk, rate.Available()) : int.MaxValue;
        var due = Math.Min(Chunk, lane.Count);
        if (isBacklog && left < due)
        {
            SetDue(rate.Until(due));
            return Turn.Paced;
        }

        while (!lane.IsEmpty && left > 0)
        {
            var token = NextToken(way, lane.First <= outbox.Committed, out var closed);
            if (closed is { } reason) return reason;
            var received = lane.Received;
            var most = way == Way.Alarm ? Math.Min(left, lane.Consecutive()) : left;
            var outcome = uplink.TrySend(lane.Run(most, isHistory: way != Way.Live), token);
            if (outcome.Samples == 0) return Turn.Full;
            any = true;
            left -= outcome.Samples;
            if (outcome.Refusal is { } refusal)
            {
                GiveUp(lane.First, Claim(lane, 1, way), refusal);
                continue;
            }

            var stretch = Claim(lane, outcome.Samples, way);
            lock (gate)
            {
                InFlight.Add(new InFlightMessages.Message(
                    stretch, outcome.Samples, received, way == Way.History, time.GetTimestamp()));
            }

            Interlocked.Add(ref sent, outcome.Samples);
            Interlocked.Increment(ref messages);
            if (isBacklog) rate.Take(outcome.Samples);
        }

        return Turn.Sent;
    }

    private long NextToken(Way way, bool isCommitted, out Turn? closed)
    {
        lock (gate)
        {
            var leavesRoom = plan.Order == DrainOrder.LiveFirst && way != Way.Live;
            // What is not committed yet is not sent again after a crash, for it is in no journal then. So what is live
            // does not wait for the cursor to become durable, as history does.
            closed = InFlight.IsFull ? Turn.Full
                : isCommitted && InFlight.Count + Unsaved >= uplink.Window ? leavesRoom ? Turn.Held : Turn.Full
                : leavesRoom && way == Way.History && InFlight.HistoryCount >= historyWindow.Limit ? Turn.Held
                : null;
            return closed is null ? InFlight.NextToken : 0;
        }
    }

    private Stretch Claim(Lane lane, int taken, Way way)
    {
        var stretch = way == Way.Alarm ? lane.TakeAlone(taken) : lane.Take(taken);
        if (way == Way.Live) Ledger.ClaimLive(stretch.Last);
        else if (way == Way.History) Ledger.ClaimHistory(stretch.Last);
        else Ledger.ClaimIsland(stretch);
        return stretch;
    }

    // What the far side never takes is settled too, or everything behind it would wait for ever.
    private void GiveUp(Position sample, in Stretch stretch, string reason)
    {
        Ledger.Settle(stretch);
        Progress.Add(stretch.First.Epoch, 0, stretch.Places - 1);
        Progress.Add(Hole.Refused(sample));
        Miss(new Hole(stretch.After, stretch.First));
        Refusal = reason;
    }

    private void Settle(in Stretch stretch, int delivered)
    {
        Ledger.Settle(stretch);
        Progress.Add(stretch.First.Epoch, delivered, stretch.Places - delivered);
        Miss(new Hole(stretch.After, stretch.First));
    }

    // Where an epoch ends is not seen from here, only that retention took something there.
    private void Miss(Hole hole)
    {
        if (hole.Samples > 0 || (hole.After.Epoch < hole.Before.Epoch && hole.After.Sequence > 0
            && outbox.RuleOf(hole) != LossTable.Unknown)) Progress.Add(hole);
    }

    private void SetDue(TimeSpan due)
    {
        if (Due is not { } earlier || due < earlier) Due = due;
    }

    private enum Way
    {
        Live,
        History,
        Alarm,
    }
}
