namespace EdgeTwin.OpcUa.Server.Nodes;

/// <summary>Samples the computed variables that somebody watches: one timer for all of them, as fast as the fastest
/// watcher asks, none while nobody watches.</summary>
internal sealed class ValueSampler(TimeProvider time) : IDisposable
{
    /// <summary>Fastest sampling of a computed value.</summary>
    public static readonly TimeSpan Fastest = TimeSpan.FromMilliseconds(100);

    /// <summary>Slowest sampling of a computed value.</summary>
    public static readonly TimeSpan Slowest = TimeSpan.FromSeconds(1);

    private readonly Lock gate = new();
    private readonly Dictionary<VariableNode, (int Watchers, TimeSpan Interval)> nodes = [];
    private VariableNode[] watched = [];
    private TimeSpan period;
    private ITimer? timer;

    /// <summary>One more watches a node. The node keeps the fastest interval that was asked for while it is
    /// watched.</summary>
    public void Add(VariableNode node, TimeSpan interval)
    {
        interval = interval < Fastest ? Fastest : interval > Slowest ? Slowest : interval;
        lock (gate)
        {
            var isNew = !nodes.TryGetValue(node, out var entry);
            nodes[node] = (entry.Watchers + 1, isNew || interval < entry.Interval ? interval : entry.Interval);
            if (isNew || interval < entry.Interval)
            {
                Rearrange();
            }
        }
    }

    /// <summary>One less watches it.</summary>
    public void Remove(VariableNode node)
    {
        lock (gate)
        {
            if (!nodes.TryGetValue(node, out var entry))
            {
                return;
            }

            if (entry.Watchers > 1)
            {
                nodes[node] = (entry.Watchers - 1, entry.Interval);
                return;
            }

            nodes.Remove(node);
            Rearrange();
        }
    }

    /// <summary>The node is gone, whoever watched it.</summary>
    public void Forget(VariableNode node)
    {
        lock (gate)
        {
            if (nodes.Remove(node))
            {
                Rearrange();
            }
        }
    }

    public void Dispose()
    {
        lock (gate)
        {
            nodes.Clear();
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
        Volatile.Write(ref watched, [.. nodes.Keys]);
        if (nodes.Count == 0)
        {
            timer?.Dispose();
            timer = null;
            return;
        }

        var fastest = nodes.Values.Min(static node => node.Interval);
        if (timer is null)
        {
            timer = time.CreateTimer(static state => ((ValueSampler)state!).Sample(), this, fastest, fastest);
        }
        else if (fastest != period)
        {
            timer.Change(fastest, fastest);
        }

        period = fastest;
    }
}
