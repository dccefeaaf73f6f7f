using EdgeTwin.Journal;

namespace EdgeTwin.Upstream;

/// <summary>
/// Decides what goes next and sends it. While there is a gap, live and history take turns; history may use half of the
/// window, so that a live message never stands behind more than that. Owned by the pump.
/// </summary>
internal sealed class Drain
{
    /// <summary>A backlog that goes this far beyond a full read is worth a jump.</summary>
    private const long JumpDistance = 2048;

    /// <summary>Samples of history between two looks at what is live.</summary>
    private const int HistoryChunk = 256;

    /// <summary>More pieces than this are not opened; then the order of the sequence holds until some have
    /// closed.</summary>
    private const int MostPieces = 16;

    private readonly IUplink uplink;
    private readonly IOutbox outbox;
    private readonly DrainOrder order;
    private readonly Lock gate;
    private readonly Lane live = new();
    private readonly Lane history = new();
    private bool liveTurn;
    private long sent;
    private long messages;
    private long skipped;

    public Drain(IUplink uplink, IOutbox outbox, DrainOrder order, Lock gate)
    {
        this.uplink = uplink;
        this.outbox = outbox;
        this.order = order;
        this.gate = gate;
        Ledger = new DeliveryLedger(outbox.Cursor, outbox.Ahead);
        InFlight = new InFlightMessages(uplink.Window);
    }

    public DeliveryLedger Ledger { get; }

    /// <summary>Guarded by the gate.</summary>
    public InFlightMessages InFlight { get; }

    /// <summary>
    /// Messages that are delivered while their cursor is not durable. Together with those in flight they are what a
    /// crash sends again, so they count towards the window. Guarded by the gate.
    /// </summary>
    public int Unsaved { get; set; }

    public long Sent => Interlocked.Read(ref sent);

    public long Messages => Interlocked.Read(ref messages);

    public long Skipped => Interlocked.Read(ref skipped);

    /// <summary>Sends a little of what is due.</summary>
    /// <exception cref="UplinkException">The connection is gone.</exception>
    public async ValueTask<Turn> TakeTurnAsync(CancellationToken cancellation)
    {
        if (!Ledger.HasGap) return await SendLiveAsync(cancellation);
        // A gap that is not committed must be filled first: a crash now would leave a hole behind what is live.
        if (order == DrainOrder.HistoryFirst
            || Ledger.LastGapEnd > outbox.Committed) return await SendHistoryAsync(cancellation);

        liveTurn = !liveTurn;
        if (liveTurn)
        {
            var turn = await SendLiveAsync(cancellation);
            return turn == Turn.Nothing ? await SendHistoryAsync(cancellation) : turn;
        }
        var past = await SendHistoryAsync(cancellation);
        if (past is not Turn.Held) return past;
        var now = await SendLiveAsync(cancellation);
        return now == Turn.Nothing ? Turn.Held : now;
    }

    /// <summary>Receive time of the first sample that is still to be sent; null when there is none.</summary>
    public async ValueTask<DateTime?> OldestAsync(CancellationToken cancellation)
    {
        await history.ReadAsync(outbox, Ledger.HistoryNext, cancellation);
        return history.IsEmpty ? null : history.Samples[0].ReceiveTime;
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
        return unproven;
    }

    private async ValueTask<Turn> SendLiveAsync(CancellationToken cancellation)
    {
        await live.ReadAsync(outbox, Ledger.LiveNext, cancellation);
        if (live.IsEmpty) return Turn.Nothing;
        if (!IsFarBehind(out var committed)) return await SendAsync(live, isHistory: false);
        Ledger.Jump(committed);
        return Turn.Sent;
    }

    // Only what is committed may be skipped: a crash would otherwise leave a hole that nobody can fill.
    private bool IsFarBehind(out Position committed)
    {
        committed = outbox.Committed;
        if (order != DrainOrder.LiveFirst || !live.WasFull || Ledger.Pieces >= MostPieces) return false;
        var last = live.Last;
        return committed > last && (committed.Epoch != last.Epoch || committed.Sequence - last.Sequence > JumpDistance);
    }

    private async ValueTask<Turn> SendHistoryAsync(CancellationToken cancellation)
    {
        await history.ReadAsync(outbox, Ledger.HistoryNext, cancellation);
        if (Ledger.HasGap) history.Cut(Ledger.HistoryLimit);
        if (!history.IsEmpty) return await SendAsync(history, isHistory: true);
        if (!Ledger.HasGap) return Turn.Nothing;
        Ledger.CloseEmptyGap(); // retention has taken it, or the epoch ended there
        return Turn.Sent;
    }

    private async ValueTask<Turn> SendAsync(Lane lane, bool isHistory)
    {
        var result = Fill(lane, isHistory, out var any);
        if (any) await uplink.FlushAsync();
        return any && result != Turn.Full ? Turn.Sent : result;
    }

    private Turn Fill(Lane lane, bool isHistory, out bool any)
    {
        any = false;
        var left = isHistory ? HistoryChunk : int.MaxValue;
        while (!lane.IsEmpty && left > 0)
        {
            var token = NextToken(isHistory, lane.First <= outbox.Committed, out var closed);
            if (closed is { } reason) return reason;
            var received = lane.Samples[0].ReceiveTime;
            var taken = uplink.TrySend(lane.First, lane.Samples, token);
            if (taken == 0) return Turn.Full;
            Track(lane.Take(taken), taken, received, isHistory);
            any = true;
            left -= taken;
        }
        return Turn.Sent;
    }

    private long NextToken(bool isHistory, bool isCommitted, out Turn? closed)
    {
        lock (gate)
        {
            // What is not committed yet is not sent again after a crash: it is in no journal then.
            closed = InFlight.IsFull || (isCommitted && InFlight.Count + Unsaved >= uplink.Window) ? Turn.Full
                : isHistory && order == DrainOrder.LiveFirst && InFlight.HistoryCount >= Math.Max(1, uplink.Window / 2)
                    ? Turn.Held
                : null;
            return closed is null ? InFlight.NextToken : 0;
        }
    }

    private void Track(in Stretch stretch, int taken, DateTime received, bool isHistory)
    {
        lock (gate) InFlight.Add(new InFlightMessages.Message(stretch, taken, received, isHistory));
        if (isHistory) Ledger.ClaimHistory(stretch.Last);
        else Ledger.ClaimLive(stretch.Last);
        Interlocked.Add(ref sent, taken);
        Interlocked.Increment(ref messages);
        if (stretch.After.Epoch == stretch.First.Epoch)
            Interlocked.Add(ref skipped, stretch.First.Sequence - stretch.After.Sequence - 1);
    }
}
