namespace EdgeTwin.Hosting;

/// <summary>
/// Lets a reload for found tags through at most once a minute: a server that grows one variable at a time must not
/// keep the gateway restarting its sources. What grows meanwhile is taken together when the minute is over.
/// </summary>
internal sealed class GrowthLimit : IAsyncDisposable
{
    /// <summary>Shortest time between two reloads.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromMinutes(1);

    private readonly TimeProvider time;
    private readonly Action reload;
    private readonly ITimer timer;
    private readonly Lock gate = new(); // guards what follows
    private long? lastReload;
    private bool isWaiting;

    public GrowthLimit(TimeProvider time, Action reload)
    {
        (this.time, this.reload) = (time, reload);
        timer = time.CreateTimer(_ => Reload(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>There is something to reload for; any thread.</summary>
    public void Grown()
    {
        lock (gate)
        {
            if (isWaiting) return;
            isWaiting = true;
            var wait = lastReload is { } last ? Interval - time.GetElapsedTime(last) : TimeSpan.Zero;
            timer.Change(wait > TimeSpan.Zero ? wait : TimeSpan.Zero, Timeout.InfiniteTimeSpan);
        }
    }

    public ValueTask DisposeAsync() => timer.DisposeAsync();

    private void Reload()
    {
        lock (gate)
        {
            isWaiting = false;
            lastReload = time.GetTimestamp();
        }

        reload();
    }
}
