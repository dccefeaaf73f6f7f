namespace EdgeTwin.OpcUa.Channel;

/// <summary>One timer for many deadlines: rings at the earliest that was set. Whoever is rung sets the next.</summary>
internal sealed class Alarm : IAsyncDisposable
{
    private readonly Lock gate = new();   // guards setFor and disposed
    private readonly TimeProvider time;
    private readonly Action<TimeSpan> ring;
    private readonly ITimer timer;
    private TimeSpan setFor = TimeSpan.MaxValue;
    private bool disposed;

    public Alarm(TimeProvider time, Action<TimeSpan> ring)
    {
        (this.time, this.ring) = (time, ring);
        timer = time.CreateTimer(static alarm => ((Alarm)alarm!).OnTimer(), this, Timeout.InfiniteTimeSpan,
            Timeout.InfiniteTimeSpan);
    }

    /// <summary>Rings not later than that; cheap when it rings earlier anyway.</summary>
    public void Set(TimeSpan at)
    {
        lock (gate)
        {
            if (disposed || at >= setFor) return;
            setFor = at;
            // Timers count coarser than deadlines: a millisecond more spares a second ring.
            var wait = at - time.Monotonic() + TimeSpan.FromMilliseconds(1);
            timer.Change(wait > TimeSpan.Zero ? wait : TimeSpan.FromMilliseconds(1), Timeout.InfiniteTimeSpan);
        }
    }

    public async ValueTask DisposeAsync()
    {
        lock (gate) disposed = true;
        await timer.DisposeAsync();
    }

    private void OnTimer()
    {
        lock (gate)
        {
            if (disposed) return;
            setFor = TimeSpan.MaxValue;
        }

        ring(time.Monotonic());
    }
}
