namespace EdgeTwin.Tests.Modbus;

/// <summary>A clock that stands still until the test moves it; timers fire inside <see cref="Advance"/>.</summary>
internal sealed class ModbusManualTime : TimeProvider
{
    private readonly Lock gate = new();
    private readonly List<ManualTimer> timers = [];
    private TimeSpan elapsed;

    public static DateTime Start { get; } = new(2026, 1, 1, 0, 0, 0, DateTimeKind.Utc);

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override long GetTimestamp()
    {
        lock (gate) return elapsed.Ticks;
    }

    public override DateTimeOffset GetUtcNow() => new(Start + TimeSpan.FromTicks(GetTimestamp()));

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new ManualTimer(this, callback, state);
        timer.Change(dueTime, period);
        lock (gate) timers.Add(timer);
        return timer;
    }

    public void Advance(TimeSpan by)
    {
        ManualTimer[] due;
        lock (gate)
        {
            elapsed += by;
            due = timers.Where(timer => timer.Due <= elapsed).ToArray();
            foreach (var timer in due) timer.Due = timer.Period > TimeSpan.Zero ? elapsed + timer.Period
                : TimeSpan.MaxValue;
        }

        foreach (var timer in due) timer.Fire();
    }

    /// <summary>Fires what is armed although its time has not come, as coarse timers do by a fraction of a
    /// millisecond.</summary>
    public void FireEarly()
    {
        ManualTimer[] armed;
        lock (gate)
        {
            armed = timers.Where(timer => timer.Due < TimeSpan.MaxValue).ToArray();
            foreach (var timer in armed) timer.Due = TimeSpan.MaxValue;
        }

        foreach (var timer in armed) timer.Fire();
    }

    private sealed class ManualTimer(ModbusManualTime owner, TimerCallback callback, object? state) : ITimer
    {
        public TimeSpan Due { get; set; } = TimeSpan.MaxValue;

        public TimeSpan Period { get; private set; }

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            lock (owner.gate)
            {
                Due = dueTime < TimeSpan.Zero ? TimeSpan.MaxValue : owner.elapsed + dueTime;
                Period = period;
            }

            return true;
        }

        public void Fire() => callback(state);

        public void Dispose()
        {
            lock (owner.gate) owner.timers.Remove(this);
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return default;
        }
    }
}
