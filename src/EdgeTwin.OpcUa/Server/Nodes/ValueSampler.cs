namespace EdgeTwin.OpcUa.Server.Nodes;

/// <summary>Samples the computed variables that somebody watches: one timer for all of them, as fast as the fastest watcher
/// asks, none while nobody watches.</summary>
internal sealed class ValueSampler(TimeProvider time) : IDisposable
{
    /// <summary>Fastest sampling of a computed value.</summary>
    public static readonly TimeSpan Fastest = TimeSpan.FromMilliseconds(100);

    /// <summary>Slowest sampling of a computed value.</summary>
    public static readonly TimeSpan Slowest = TimeSpan.FromSeconds(1);

    private readonly Lock gate = new();
    private readonly Dictionary<IValueWatcher, (VariableNode Node, TimeSpan Interval)> watchers = [];
    private VariableNode[] watched = [];
    private ITimer? timer;

    public void Add(VariableNode node, IValueWatcher watcher, TimeSpan interval)
    {
        lock (gate)
        {
            watchers[watcher] = (node, interval < Fastest ? Fastest : interval > Slowest ? Slowest : interval);
            Rearrange();
        }
    }

    public void Remove(IValueWatcher watcher)
    {
        lock (gate)
        {
            if (watchers.Remove(watcher))
            {
                Rearrange();
            }
        }
    }

    public void Dispose()
    {
        lock (gate)
        {
            watchers.Clear();
            Rearrange();
        }
    }

    /// <summary>Samples all of them now.</summary>
    internal void Sample()
    {
        foreach (var node in Volatile.Read(ref watched))
        {
            node.Sample();
        }
    }

    private void Rearrange()
    {
        Volatile.Write(ref watched, [.. watchers.Values.Select(static w => w.Node).Distinct()]);
        if (watchers.Count == 0)
        {
            timer?.Dispose();
            timer = null;
            return;
        }

        var period = watchers.Values.Min(static w => w.Interval);
        if (timer is null)
        {
            timer = time.CreateTimer(static state => ((ValueSampler)state!).Sample(), this, period, period);
        }
        else
        {
            timer.Change(period, period);
        }
    }
}
