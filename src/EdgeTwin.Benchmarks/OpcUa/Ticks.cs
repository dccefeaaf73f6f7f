namespace EdgeTwin.Benchmarks.OpcUa;

/// <summary>Calls others in even intervals on one thread of its own: what the values of the host cost is then told
/// apart from what timers and the thread pool cost.</summary>
internal sealed class Ticks(TimeProvider time)
{
    private readonly List<Tick> ticks = [];

    /// <summary>Calls with 0, 1, 2 … every interval; to be said before it runs.</summary>
    public void Every(TimeSpan interval, Action<long> act) => ticks.Add(new Tick(interval, act));

    /// <summary>Runs until told to stop.</summary>
    public Task RunAsync(CancellationToken stop) => Task.Factory.StartNew(
        () => Run(stop), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    private void Run(CancellationToken stop)
    {
        var start = time.GetTimestamp();
        var wait = TimeSpan.Zero;
        while (!stop.WaitHandle.WaitOne(wait))
        {
            var now = time.GetElapsedTime(start);
            foreach (var tick in ticks) tick.CallIfDue(now);
            wait = ticks.Min(static tick => tick.Due) - time.GetElapsedTime(start);
            // Waits count in whole milliseconds: one less would wake before the time.
            wait = TimeSpan.FromMilliseconds(Math.Max(0, Math.Ceiling(wait.TotalMilliseconds)));
        }
    }

    private sealed class Tick(TimeSpan interval, Action<long> act)
    {
        private long count;

        public TimeSpan Due { get; private set; }

        // What was missed is left out.
        public void CallIfDue(TimeSpan now)
        {
            if (now < Due) return;
            act(count++);
            Due += interval * Math.Floor(((now - Due) / interval) + 1);
        }
    }
}
