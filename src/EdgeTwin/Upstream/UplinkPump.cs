using System.Collections.Immutable;
using EdgeTwin.Journal;
using Microsoft.Extensions.Logging;

namespace EdgeTwin.Upstream;

/// <summary>
/// Delivers the journal to one far side: connects and waits between attempts, reads after its cursor, sends within the
/// window, moves the cursor past what is proven delivered. One loop owns all of it; proofs and losses come in from
/// other threads through a queue. A far side that is away costs nothing but lag.
/// </summary>
internal sealed class UplinkPump : IUplinkObserver, IAsyncDisposable
{
    private static readonly TimeSpan FarewellPatience = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan Proven = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan SaveRetry = TimeSpan.FromSeconds(1);

    private readonly IUplink uplink;
    private readonly IOutbox outbox;
    private readonly TimeProvider time;
    private readonly ILogger logger;
    private readonly ReconnectDelay delay;
    private readonly Drain drain;
    private readonly PumpSignal signal = new();
    private readonly ITimer due;
    private readonly CancellationTokenSource soft = new();
    private readonly CancellationTokenSource hard = new();

    // Guards the fields down to the blank line, and the messages in flight.
    private readonly Lock gate;
    private readonly Queue<long> proofs;
    private UplinkException? lost;
    private int wakeAt = int.MaxValue;
    private UplinkState state = UplinkState.Idle;
    private DateTime since;
    private string? lastError;
    private string? lastRefusal;
    private DateTime? oldestWaiting;
    private Position cursor;
    private long aheadSamples;
    private long acknowledged;
    private long resent;
    private long filtered;
    private ImmutableDictionary<string, long> lostBy = ImmutableDictionary<string, long>.Empty;

    private volatile bool watching;
    private bool complained;
    private DateTime downSince;
    private IReadOnlyList<(Position First, Position Last)>? reportedAhead;
    private Task watch = Task.CompletedTask;
    private Task running = Task.CompletedTask;
    private Task saving = Task.CompletedTask;

    public UplinkPump(
        string name, IUplink uplink, IOutbox outbox, UplinkPlan plan, TimeProvider time, Random random, ILogger logger)
    {
        Name = name;
        this.uplink = uplink;
        this.outbox = outbox;
        this.time = time;
        this.logger = logger;
        gate = new Lock();
        delay = new ReconnectDelay(random);
        drain = new Drain(uplink, outbox, plan, time, gate);
        due = time.CreateTimer(_ => signal.Raise(inline: false), null, Timeout.InfiniteTimeSpan,
            Timeout.InfiniteTimeSpan);
        proofs = new Queue<long>(uplink.Window);
        cursor = drain.Ledger.Cursor;
        aheadSamples = drain.Ledger.AheadSamples;
        reportedAhead = drain.Ledger.Ahead;
        since = downSince = Now;
    }

    /// <summary>The uplink's name in the configuration.</summary>
    public string Name { get; }

    private DateTime Now => time.GetUtcNow().UtcDateTime;

    /// <summary>Begins to deliver; call once.</summary>
    public void Start() => running = Task.Run(RunAsync);

    /// <summary>Ends when all of the journal is delivered, or after the given time with what is then
    /// delivered.</summary>
    public async Task StopAsync(TimeSpan drainTime)
    {
        await soft.CancelAsync();
        signal.Raise(inline: false);
        await using var deadline = time.CreateTimer(_ => Harden(), null, drainTime, Timeout.InfiniteTimeSpan);
        await running;
    }

    /// <summary>Stops at once.</summary>
    public async ValueTask DisposeAsync()
    {
        Harden();
        await StopAsync(TimeSpan.Zero);
        await due.DisposeAsync();
        await uplink.DisposeAsync();
    }

    /// <summary>The uplink at this moment. Any thread.</summary>
    public UplinkStatus Status()
    {
        var head = outbox.Head;
        lock (gate)
        {
            var oldest = drain.InFlight.Oldest() ?? oldestWaiting;
            var behind = head <= cursor ? 0
                : head.Sequence - aheadSamples - (head.Epoch == cursor.Epoch ? cursor.Sequence : 0);
            return new UplinkStatus
            {
                Name = Name,
                Target = uplink.Target,
                State = state,
                Since = since,
                LagSamples = Math.Max(0, behind),
                Oldest = head > cursor ? oldest : null,
                Lag = oldest is { } time && head > cursor ? Max(Now - time, TimeSpan.Zero) : TimeSpan.Zero,
                Sent = drain.Sent,
                Messages = drain.Messages,
                Acknowledged = acknowledged,
                Resent = resent,
                Filtered = filtered,
                Lost = lostBy,
                InFlight = drain.InFlight.Count,
                LastError = lastError,
                LastRefusal = lastRefusal,
            };
        }
    }

    void IUplinkObserver.Delivered(long token)
    {
        bool wake;
        lock (gate)
        {
            proofs.Enqueue(token);
            wake = proofs.Count >= wakeAt;
        }
        if (wake) signal.Raise(inline: false);
    }

    void IUplinkObserver.Lost(UplinkException reason)
    {
        lock (gate) lost ??= reason;
        signal.Raise(inline: false);
    }

    private async Task RunAsync()
    {
        while (!soft.IsCancellationRequested)
        {
            try
            {
                await ConnectAsync();
                await DeliverAsync();
            }
            catch (OperationCanceledException) when (soft.IsCancellationRequested)
            {
                break;
            }
            catch (UplinkException reason)
            {
                Complain((Loss() ?? reason).Message); // the first reason says more than what followed from it
            }
            // whatever the journal meets on its disk: the uplink lags and tries again, it does not die
            catch (Exception error)
            {
                UplinkLog.Failed(logger, Name, error);
                lock (gate) lastError = error.Message;
            }
            await EndConnectionAsync();
            if (!soft.IsCancellationRequested) await WaitToReconnectAsync();
        }
        await EndConnectionAsync();
        SetState(UplinkState.Stopped);
        await hard.CancelAsync();
        await watch;
        await saving;
    }

    private async Task ConnectAsync()
    {
        SetState(UplinkState.Connecting);
        lock (gate) lost = null;
        await uplink.ConnectAsync(this, soft.Token);
        SetState(UplinkState.Connected);
        if (!complained) UplinkLog.Connected(logger, Name, uplink.Target);
    }

    // A far side that takes the connection and closes it at the first message is still away.
    private void Recover()
    {
        if (!complained) return;
        complained = false;
        UplinkLog.Recovered(logger, Name, uplink.Target, Now - downSince);
    }

    private async Task DeliverAsync()
    {
        var connectedAt = time.GetTimestamp();
        while (true)
        {
            Settle();
            if (Loss() is { } reason)
            {
                if (time.GetElapsedTime(connectedAt) >= Proven) delay.Reset();
                throw reason;
            }
            if (hard.IsCancellationRequested) return;
            drain.Hurries = soft.IsCancellationRequested;
            var turn = await drain.TakeTurnAsync(hard.Token);
            if (turn == Turn.Sent) continue;
            if (turn == Turn.Nothing && NothingInFlight())
            {
                if (soft.IsCancellationRequested) return;
                Recover();
            }
            await WaitAsync(turn);
        }
    }

    // Moves the cursor past what has been proven, and tells the journal.
    private void Settle()
    {
        var ledger = drain.Ledger;
        var recovers = false;
        lock (gate)
        {
            wakeAt = int.MaxValue;
            while (proofs.TryDequeue(out var token))
            {
                if (!drain.InFlight.TryRemove(token, out var message)) continue;
                drain.Settle(message);
                acknowledged += message.Samples;
                if (message.Stretch.Last <= outbox.Committed) drain.Unsaved++;
            }
            if (ledger.Cursor == cursor && ReferenceEquals(ledger.Ahead, reportedAhead)) return;
            // Only this is progress: behind a message that the far side refuses others may well be proven each time.
            if (ledger.Cursor > cursor)
            {
                delay.Reset();
                recovers = true;
            }
            cursor = ledger.Cursor;
            aheadSamples = ledger.AheadSamples;
            reportedAhead = ledger.Ahead;
            if (drain.InFlight.Count > 0 || cursor >= outbox.Head) oldestWaiting = null;
            foreach (var count in drain.Progress.Counts) filtered += count.Filtered;
        }
        if (recovers) Recover();
        foreach (var hole in drain.Progress.Holes) GiveUp(hole);
        outbox.Delivered(cursor, reportedAhead, drain.Progress);
        drain.Progress.Clear();
        if (saving.IsCompleted && drain.Unsaved >= Math.Max(1, uplink.Window / 2)) saving = SaveAsync(drain.Unsaved);
    }

    private void GiveUp(Hole hole)
    {
        var rule = hole.IsRefused ? LossTable.Refused : outbox.RuleOf(hole);
        if (!hole.IsRefused) UplinkLog.GaveUp(logger, Name, hole.Samples, hole.After, hole.Before, rule);
        else if (lastRefusal is null)
            UplinkLog.Refused(logger, Name, hole.Before with { Sequence = hole.Before.Sequence - 1 }, drain.Refusal!);
        if (hole.IsRefused) lock (gate) lastRefusal = drain.Refusal;
        lock (gate) lostBy = lostBy.SetItem(rule, lostBy.GetValueOrDefault(rule) + hole.Samples);
    }

    // A backlog is delivered faster than the journal commits. Saving the cursor on the way keeps what a crash would
    // send again within the window.
    private async Task SaveAsync(int messages)
    {
        try
        {
            while (!await outbox.TrySaveAsync(hard.Token)) await Task.Delay(SaveRetry, time, hard.Token);
            lock (gate) drain.Unsaved -= messages;
            signal.Raise(inline: false);
        }
        catch (OperationCanceledException) when (hard.IsCancellationRequested)
        {
            // The pump ends; the journal's last commit saves the cursor.
        }
    }

    private async ValueTask WaitAsync(Turn turn)
    {
        lock (gate)
        {
            var inFlight = drain.InFlight.Count;
            wakeAt = turn is Turn.Nothing or Turn.Gathering ? Math.Max(1, inFlight) : Math.Max(1, inFlight / 4);
            if (proofs.Count >= wakeAt) return;
        }
        if (drain.Due is { } left) due.Change(left, Timeout.InfiniteTimeSpan);
        if (turn is not (Turn.Full or Turn.Paced) && !watching)
        {
            var more = outbox.WaitForMoreAsync(drain.LiveReadTo, hard.Token);
            if (more.IsCompleted)
            {
                await more;
                return;
            }
            watching = true;
            watch = WatchAsync(more.AsTask());
        }
        await signal.WaitAsync();
    }

    // The loop goes on inline, on the pool thread that the journal uses to tell of a sample, so that the sample crosses
    // threads only once on its way to the socket.
    private async Task WatchAsync(Task more)
    {
        await Task.WhenAny(more); // cancelled when the pump ends
        watching = false;
        signal.Raise(inline: true);
    }

    private async Task EndConnectionAsync()
    {
        if (soft.IsCancellationRequested
            && !hard.IsCancellationRequested) await uplink.DisconnectAsync(FarewellPatience);
        uplink.Abort();
        Settle();
        lock (gate) oldestWaiting = drain.InFlight.Oldest() ?? oldestWaiting;
        var unproven = drain.Rewind();
        lock (gate) resent += unproven;
    }

    private async Task WaitToReconnectAsync()
    {
        SetState(UplinkState.Waiting);
        try
        {
            if (outbox.Head > drain.Ledger.Cursor)
            {
                var oldest = await drain.OldestAsync(soft.Token);
                lock (gate) oldestWaiting ??= oldest;
            }
            await Task.Delay(delay.Next(), time, soft.Token);
        }
        catch (OperationCanceledException) when (soft.IsCancellationRequested)
        {
            SetState(UplinkState.Waiting);
        }
    }

    private void Complain(string reason)
    {
        lock (gate) lastError = reason;
        if (complained || soft.IsCancellationRequested) return;
        complained = true;
        downSince = Now;
        UplinkLog.Away(logger, Name, uplink.Target, reason);
    }

    private void Harden()
    {
        hard.Cancel();
        uplink.Abort();
        signal.Raise(inline: false);
    }

    private UplinkException? Loss()
    {
        lock (gate) return lost;
    }

    private bool NothingInFlight()
    {
        lock (gate) return drain.InFlight.Count == 0;
    }

    private void SetState(UplinkState next)
    {
        lock (gate)
        {
            if (state == next) return;
            state = next;
            since = Now;
        }
    }

    private static TimeSpan Max(TimeSpan left, TimeSpan right) => left > right ? left : right;
}
