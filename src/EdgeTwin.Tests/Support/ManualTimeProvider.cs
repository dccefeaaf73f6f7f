using System.Diagnostics;

namespace EdgeTwin.Tests.Support;

/// <summary>
/// A clock that moves only when a test says so. Timers (also those behind <c>Task.Delay</c>, <c>PeriodicTimer</c> and
/// <c>CancellationTokenSource</c>) fire in the order in which they are due, on the thread that advances, with the clock
/// standing at their due time; so a loop that sleeps ten times inside one <see cref="Advance"/> sees ten different
/// times. What a continuation hands to the thread pool may still run when <see cref="Advance"/> returns;
/// <see cref="UntilAsync"/>
/// and <see cref="PassUntilAsync"/> wait for it.
/// </summary>
internal sealed class ManualTimeProvider : TimeProvider
{
    private readonly Lock gate = new();
    private readonly PriorityQueue<(ManualTimer Timer, int Version), (TimeSpan Due, long Order)> queue = new();
    private TimeSpan elapsed;
    private DateTimeOffset wallStart;
    private long order;
    private int pending;

    public ManualTimeProvider()
        : this(new DateTime(2026, 1, 1, 0, 0, 0, DateTimeKind.Utc))
    {
    }

    public ManualTimeProvider(DateTime utcStart) => wallStart = new DateTimeOffset(utcStart, TimeSpan.Zero);

    public override TimeZoneInfo LocalTimeZone => TimeZoneInfo.Utc;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    /// <summary>The wall clock.</summary>
    public DateTime UtcNow => GetUtcNow().UtcDateTime;

    /// <summary>Monotonic time since the clock was made; a jump of the wall clock does not change it.</summary>
    public TimeSpan Elapsed
    {
        get
        {
            lock (gate) return elapsed;
        }
    }

    /// <summary>Number of timers that are waiting for this clock.</summary>
    public int PendingTimers
    {
        get
        {
            lock (gate) return pending;
        }
    }

    public override DateTimeOffset GetUtcNow()
    {
        lock (gate) return wallStart + elapsed;
    }

    public override long GetTimestamp() => Elapsed.Ticks;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        ArgumentNullException.ThrowIfNull(callback);
        var timer = new ManualTimer(this, callback, state);
        timer.Change(dueTime, period);
        return timer;
    }

    /// <summary>Sets the wall clock forward or back, as NTP or an operator does; monotonic time and timers
    /// stay.</summary>
    public void JumpWallClock(TimeSpan by)
    {
        lock (gate) wallStart += by;
    }

    /// <summary>Moves the clock and fires every timer that becomes due on the way, including those set
    /// meanwhile.</summary>
    public void Advance(TimeSpan by)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(by, TimeSpan.Zero);
        var end = Elapsed + by;
        while (TakeDue(end) is { } timer) timer.Fire();
        lock (gate) elapsed = Max(elapsed, end);
    }

    /// <summary>Moves the clock to the next timer and fires it; false, and no move, when there is none.</summary>
    public bool AdvanceToNextTimer()
    {
        if (TakeDue(TimeSpan.MaxValue) is not { } timer) return false;
        timer.Fire();
        return true;
    }

    /// <summary>Fires every timer that waits although its time has not come, as coarse timers do by a fraction of a
    /// millisecond.</summary>
    public void FireEarly()
    {
        var early = new List<ManualTimer>();
        lock (gate)
        {
            while (queue.TryDequeue(out var entry, out _))
            {
                if (!entry.Timer.IsCurrent(entry.Version)) continue;
                pending--;
                early.Add(entry.Timer);
            }

            foreach (var timer in early) timer.Taken(elapsed);
        }

        foreach (var timer in early) timer.Fire();
    }

    /// <summary>Waits, the clock standing, until the condition holds; for what runs on the thread pool.</summary>
    /// <exception cref="TimeoutException">It did not hold within <see cref="RealTime.Patience"/>.</exception>
    public async Task UntilAsync(Func<bool> condition, string what = "the condition")
    {
        var waited = Stopwatch.StartNew();
        while (!condition())
        {
            if (waited.Elapsed > RealTime.Patience)
                throw new TimeoutException(
                    $"{what} did not hold; the manual clock stands at {UtcNow:O}, {PendingTimers} timers wait");
            await BreatheAsync(waited).ConfigureAwait(false);
        }
    }

    /// <summary>Waits, the clock standing, until so many timers wait for it: then the code under test sleeps.</summary>
    public Task UntilTimersAsync(int count) => UntilAsync(() => PendingTimers >= count, $"{count} waiting timers");

    /// <summary>Moves the clock in steps, with room for the thread pool between them, until the condition
    /// holds.</summary>
    /// <exception cref="TimeoutException">It did not hold after <paramref name="most"/> of manual time.</exception>
    public async Task AdvanceUntilAsync(Func<bool> condition, TimeSpan step, TimeSpan most)
    {
        var end = Elapsed + most;
        while (!condition())
        {
            if (Elapsed >= end) throw new TimeoutException($"the condition did not hold within {most} of manual time");
            Advance(step);
            for (var i = 0; i < 20 && !condition(); i++) await Task.Yield();
            if (!condition()) await Task.Delay(TimeSpan.FromMilliseconds(1), System).ConfigureAwait(false);
        }
    }

    /// <summary>
    /// Moves the clock from timer to timer until the condition holds; before each move it waits until the code under
    /// test sleeps on the clock. The fastest way through a long time, and no timer is stepped over.
    /// </summary>
    /// <exception cref="TimeoutException">It did not hold after <paramref name="most"/> of manual time, or nobody
    /// sleeps.</exception>
    public async Task PassUntilAsync(Func<bool> condition, TimeSpan most)
    {
        var end = Elapsed + most;
        while (true)
        {
            await UntilAsync(() => condition() || PendingTimers > 0, "the condition, or a waiting timer,");
            if (condition()) return;
            if (Elapsed >= end) throw new TimeoutException($"the condition did not hold within {most} of manual time");
            AdvanceToNextTimer();
        }
    }

    private static Task BreatheAsync(Stopwatch waited) => waited.ElapsedMilliseconds < 2
        ? Task.Run(static () => { })
        : Task.Delay(TimeSpan.FromMilliseconds(1), System);

    private static TimeSpan Max(TimeSpan a, TimeSpan b) => a > b ? a : b;

    private ManualTimer? TakeDue(TimeSpan end)
    {
        lock (gate)
        {
            while (queue.TryPeek(out var entry, out var key))
            {
                if (key.Due > end && entry.Timer.IsCurrent(entry.Version)) return null;
                queue.Dequeue();
                if (!entry.Timer.IsCurrent(entry.Version)) continue;
                elapsed = Max(elapsed, key.Due);
                pending--;
                entry.Timer.Taken(key.Due);
                return entry.Timer;
            }

            return null;
        }
    }

    private sealed class ManualTimer(ManualTimeProvider clock, TimerCallback callback, object? state) : ITimer
    {
        private readonly ExecutionContext? context = ExecutionContext.Capture();
        private TimeSpan period = Timeout.InfiniteTimeSpan;
        private int version;
        private bool scheduled;
        private bool disposed;

        public bool IsCurrent(int entryVersion) => scheduled && version == entryVersion;

        public bool Change(TimeSpan dueTime, TimeSpan newPeriod)
        {
            bool now;
            lock (clock.gate)
            {
                if (disposed) return false;
                Cancel();
                period = newPeriod == TimeSpan.Zero ? Timeout.InfiniteTimeSpan : newPeriod;
                now = dueTime == TimeSpan.Zero;
                if (now && period != Timeout.InfiniteTimeSpan) Schedule(clock.elapsed + period);
                else if (!now && dueTime != Timeout.InfiniteTimeSpan) Schedule(clock.elapsed + dueTime);
            }

            // As the system's timers do: never on the caller's stack, which may hold a lock.
            if (now) ThreadPool.UnsafeQueueUserWorkItem(static timer => timer.Fire(), this, preferLocal: false);
            return true;
        }

        /// <summary>Called with the clock's lock held, when the due entry has left the queue.</summary>
        public void Taken(TimeSpan due)
        {
            scheduled = false;
            if (period != Timeout.InfiniteTimeSpan) Schedule(due + period);
        }

        public void Fire()
        {
            // Like the system's timers: without the synchronization context of whoever advances.
            var advancing = SynchronizationContext.Current;
            SynchronizationContext.SetSynchronizationContext(null);
            try
            {
                if (context is null) callback(state);
                else ExecutionContext.Run(context, static timer => ((ManualTimer)timer!).Invoke(), this);
            }
            finally
            {
                SynchronizationContext.SetSynchronizationContext(advancing);
            }
        }

        public void Dispose()
        {
            lock (clock.gate)
            {
                disposed = true;
                Cancel();
            }
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }

        private void Invoke() => callback(state);

        private void Cancel()
        {
            if (scheduled) clock.pending--;
            scheduled = false;
            version++;
        }

        private void Schedule(TimeSpan due)
        {
            scheduled = true;
            clock.pending++;
            clock.queue.Enqueue((this, ++version), (due, clock.order++));
        }
    }
}
