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
    private readonly Lock gate = new();
    private readonly PriorityQueue<Subscription, long> heap = new();
    private readonly List<Subscription> due = [];
    private readonly List<SessionSubscriptions> touched = [];
    private readonly ServerClock clock;
    private readonly ILogger logger;
    private readonly Action<Subscription> expired;
    private readonly Action<long> sweep;
    private readonly ITimer timer;
    private long armedFor = long.MaxValue;
    private long nextSweep;
    private bool ticking;
    private bool stopped;

    /// <param name="clock">The time.</param>
    /// <param name="expired">Told of a subscription whose lifetime has ended; deletes it.</param>
    /// <param name="sweep">Called about once a second, while there are subscriptions, with the monotonic time.</param>
    /// <param name="logger">For what must not happen.</param>
    public Publisher(ServerClock clock, Action<Subscription> expired, Action<long> sweep, ILogger logger)
    {
        this.clock = clock;
        this.expired = expired;
        this.sweep = sweep;
        this.logger = logger;
        timer = clock.Time.CreateTimer(static state => ((Publisher)state!).Tick(), this, Timeout.InfiniteTimeSpan,
            Timeout.InfiniteTimeSpan);
    }

    /// <summary>Begins a new publishing cycle of a subscription, which is new or has another interval.</summary>
    public void Schedule(Subscription subscription)
    {
        lock (gate)
        {
            subscription.NextDue = clock.Now + subscription.PublishingInterval;
            heap.Enqueue(subscription, subscription.NextDue);
            Arm();
        }
    }

    public async ValueTask DisposeAsync()
    {
        lock (gate)
        {
            stopped = true;
        }

        await timer.DisposeAsync().ConfigureAwait(false);
    }

    private void Tick()
    {
        long now;
        lock (gate)
        {
            armedFor = long.MaxValue;
            if (stopped || ticking)
            {
                return;
            }

            ticking = true;
            now = clock.Now;
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
            SubscriptionLog.PublishingFailed(logger, e);
        }

        lock (gate)
        {
            foreach (var subscription in due)
            {
                Shift(subscription, now);
            }

            due.Clear();
            touched.Clear();
            ticking = false;
            Arm();
        }
    }

    private void EndCycles(long now)
    {
        // First all cycles, then the answers: requests go to the highest priority of those that are due together.
        foreach (var subscription in due)
        {
            EndCycle(subscription, now);
        }

        foreach (var session in touched)
        {
            session.Serve();
        }

        if (now >= nextSweep)
        {
            nextSweep = now + SweepInterval;
            sweep(now);
        }
    }

    private void EndCycle(Subscription subscription, long now)
    {
        var owner = subscription.Owner;
        var lives = owner?.EndCycle(subscription, now) ?? subscription.EndCycle(now, requestsWait: false);
        if (!lives)
        {
            expired(subscription);
        }
        else if (owner is not null && !touched.Contains(owner))
        {
            touched.Add(owner);
        }
    }

    // Called with the gate held.
    private void TakeDue(long now)
    {
        while (heap.TryPeek(out var subscription, out var at) && at <= now)
        {
            heap.Dequeue();
            if (subscription.IsClosed || subscription.NextDue != at)
            {
                continue;
            }

            // On the grid; cycles that could not be kept are left out.
            var interval = subscription.PublishingInterval;
            subscription.NextDue = at + interval > now ? at + interval : now + interval - ((now - at) % interval);
            heap.Enqueue(subscription, subscription.NextDue);
            due.Add(subscription);
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
        heap.Enqueue(subscription, subscription.NextDue);
    }

    // Called with the gate held. While a tick runs, it arms the timer at its end.
    private void Arm()
    {
        if (stopped || ticking || !heap.TryPeek(out _, out var due))
        {
            return;
        }

        due = Math.Min(due, Math.Max(nextSweep, clock.Now));
        if (due >= armedFor)
        {
            return;
        }

        armedFor = due;
        // Timers count in milliseconds: one less would fire before the time and find nothing.
        var wait = Math.Max(due - clock.Now + TimeSpan.TicksPerMillisecond - 1, 0) / TimeSpan.TicksPerMillisecond;
        timer.Change(TimeSpan.FromMilliseconds(Math.Max(wait, 1)), Timeout.InfiniteTimeSpan);
    }
}
