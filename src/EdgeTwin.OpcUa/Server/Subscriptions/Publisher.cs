using Microsoft.Extensions.Logging;

namespace EdgeTwin.OpcUa.Server.Subscriptions;

/// <summary>Ends the publishing cycles of all subscriptions when they are due: one timer for the whole server, which
/// wakes for the next of them.</summary>
/// <remarks>A subscription has one valid entry in the heap, the one whose time is its <see
/// cref="Subscription.NextDue"/>; others are passed over. A subscription whose values come at the very moment at which
/// its cycles end has them a whole interval late: it gets one short cycle, which tells them and shifts those that
/// follow. Not again and again, for there may be no moment that suits all sources.</remarks>
internal sealed class Publisher : IAsyncDisposable
{
    private const int ShiftPart = 8; // of the interval
    private const int ShiftsAtOnce = 4;
    private static readonly long SweepInterval = TimeSpan.TicksPerSecond;
    private static readonly long ShiftInterval = TimeSpan.TicksPerMinute;
    private readonly Lock _gate = new();
    private readonly PriorityQueue<Subscription, long> _heap = new();
    private readonly List<Subscription> _due = [];
    private readonly List<SessionSubscriptions> _touched = [];
    private readonly ServerClock _clock;
    private readonly ILogger _logger;
    private readonly Action<Subscription> _expired;
    private readonly Action<long> _sweep;
    private readonly ITimer _timer;
    private long _armedFor = long.MaxValue;
    private long _nextSweep;
    private bool _ticking;
    private bool _stopped;

    /// <param name="clock">The time.</param>
    /// <param name="expired">Told of a subscription whose lifetime has ended; deletes it.</param>
    /// <param name="sweep">Called about once a second, while there are subscriptions, with the monotonic time.</param>
    /// <param name="logger">For what must not happen.</param>
    public Publisher(ServerClock clock, Action<Subscription> expired, Action<long> sweep, ILogger logger)
    {
        _clock = clock;
        _expired = expired;
        _sweep = sweep;
        _logger = logger;
        _timer = clock.Time.CreateTimer(static state => ((Publisher)state!).Tick(), this, Timeout.InfiniteTimeSpan,
            Timeout.InfiniteTimeSpan);
    }

    /// <summary>Begins a new publishing cycle of a subscription, which is new or has another interval.</summary>
    public void Schedule(Subscription subscription)
    {
        lock (_gate)
        {
            subscription.NextDue = _clock.Now + subscription.PublishingInterval;
            _heap.Enqueue(subscription, subscription.NextDue);
            Arm();
        }
    }

    public async ValueTask DisposeAsync()
    {
        lock (_gate)
        {
            _stopped = true;
        }

        await _timer.DisposeAsync().ConfigureAwait(false);
    }

    private void Tick()
    {
        long now;
        lock (_gate)
        {
            _armedFor = long.MaxValue;
            if (_stopped || _ticking)
            {
                return;
            }

            _ticking = true;
            now = _clock.Now;
            TakeDue(now);
        }

        try
        {
            EndCycles(now);
        }
#pragma warning disable CA1031 // the loop of all subscriptions must outlive a mistake in one
        catch (Exception e)
#pragma warning restore CA1031
        {
            SubscriptionLog.PublishingFailed(_logger, e);
        }

        lock (_gate)
        {
            foreach (var subscription in _due)
            {
                Shift(subscription, now);
            }

            _due.Clear();
            _touched.Clear();
            _ticking = false;
            Arm();
        }
    }

    private void EndCycles(long now)
    {
        // First all cycles, then the answers: requests go to the highest priority of those that are due together.
        foreach (var subscription in _due)
        {
            EndCycle(subscription, now);
        }

        foreach (var session in _touched)
        {
            session.Serve();
        }

        if (now >= _nextSweep)
        {
            _nextSweep = now + SweepInterval;
            _sweep(now);
        }
    }

    private void EndCycle(Subscription subscription, long now)
    {
        var owner = subscription.Owner;
        var lives = owner?.EndCycle(subscription, now) ?? subscription.EndCycle(now, requestsWait: false);
        if (!lives)
        {
            _expired(subscription);
        }
        else if (owner is not null && !_touched.Contains(owner))
        {
            _touched.Add(owner);
        }
    }

    // Called with the gate held.
    private void TakeDue(long now)
    {
        while (_heap.TryPeek(out var subscription, out var due) && due <= now)
        {
            _heap.Dequeue();
            if (subscription.IsClosed || subscription.NextDue != due)
            {
                continue;
            }

            // On the grid; cycles that could not be kept are left out.
            var interval = subscription.PublishingInterval;
            subscription.NextDue = due + interval > now ? due + interval : now + interval - ((now - due) % interval);
            _heap.Enqueue(subscription, subscription.NextDue);
            _due.Add(subscription);
        }
    }

    // Called with the gate held.
    private void Shift(Subscription subscription, long now)
    {
        if (!subscription.MetItsEnd || subscription.IsClosed
            || subscription.NextShift > now + ((ShiftsAtOnce - 1) * ShiftInterval))
        {
            return;
        }

        subscription.NextShift = Math.Max(subscription.NextShift, now) + ShiftInterval;
        subscription.NextDue -= subscription.PublishingInterval - (subscription.PublishingInterval / ShiftPart);
        _heap.Enqueue(subscription, subscription.NextDue);
    }

    // Called with the gate held. While a tick runs, it arms the timer at its end.
    private void Arm()
    {
        if (_stopped || _ticking || !_heap.TryPeek(out _, out var due))
        {
            return;
        }

        due = Math.Min(due, Math.Max(_nextSweep, _clock.Now));
        if (due >= _armedFor)
        {
            return;
        }

        _armedFor = due;
        // Timers count in milliseconds: one less would fire before the time and find nothing.
        var wait = Math.Max(due - _clock.Now + TimeSpan.TicksPerMillisecond - 1, 0) / TimeSpan.TicksPerMillisecond;
        _timer.Change(TimeSpan.FromMilliseconds(Math.Max(wait, 1)), Timeout.InfiniteTimeSpan);
    }
}
