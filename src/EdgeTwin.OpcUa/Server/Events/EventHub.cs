using EdgeTwin.OpcUa.Schema;
using EdgeTwin.OpcUa.Server.Nodes;
using EdgeTwin.OpcUa.Server.Subscriptions;
using EdgeTwin.OpcUa.Types;

namespace EdgeTwin.OpcUa.Server.Events;

/// <summary>Brings events to the items that watch a notifier above their source: along HasEventSource and HasNotifier
/// up to the Server object, which sees every event (OPC 10000-3 §7.17, §7.18).</summary>
internal sealed class EventHub(AddressSpace space) : IEventSink
{
    private const int MostNotifiers = 1000;
    private readonly Lock gate = new();
    private readonly Dictionary<NodeId, List<EventItem>> items = [];
    private volatile bool isWatched;

    /// <summary>True while at least one item watches: else events need not be made.</summary>
    public bool IsWatched => isWatched;

    /// <summary>Where ConditionRefresh gets the conditions that are retained; null until there are alarms.</summary>
    public IConditionSource? Conditions { get; set; }

    public void Add(EventItem item)
    {
        lock (gate)
        {
            if (!items.TryGetValue(item.NodeId, out var watching))
            {
                items.Add(item.NodeId, watching = []);
            }

            item.HubIndex = watching.Count;
            watching.Add(item);
            isWatched = true;
        }
    }

    public void Remove(EventItem item)
    {
        lock (gate)
        {
            if (!items.TryGetValue(item.NodeId, out var watching) || item.HubIndex >= watching.Count
                || !ReferenceEquals(watching[item.HubIndex], item))
            {
                return;
            }

            // The last one takes the place: 100,000 items on one notifier go as fast as one.
            var last = watching[^1];
            watching[item.HubIndex] = last;
            last.HubIndex = item.HubIndex;
            watching.RemoveAt(watching.Count - 1);
            if (watching.Count == 0)
            {
                items.Remove(item.NodeId);
                isWatched = items.Count > 0;
            }
        }
    }

    public void Raise(ServerEvent e)
    {
        ArgumentNullException.ThrowIfNull(e);
        if (!isWatched)
        {
            return;
        }

        var notifiers = NotifiersOf(e.SourceNode);
        lock (gate)
        {
            foreach (var notifier in notifiers)
            {
                if (items.TryGetValue(notifier, out var watching))
                {
                    foreach (var item in watching)
                    {
                        item.OnEvent(e);
                    }
                }
            }
        }
    }

    private HashSet<NodeId> NotifiersOf(NodeId source)
    {
        HashSet<NodeId> found = [NodeIds.Server, source];
        var open = new Queue<Node>();
        if (space.Find(source) is { } start)
        {
            open.Enqueue(start);
        }

        while (open.TryDequeue(out var node))
        {
            foreach (var reference in node.References)
            {
                // HasNotifier is a subtype of HasEventSource. Loops end at what was found before.
                if (reference.IsInverse && reference.Type.IsOrRefines(NodeIds.HasEventSource)
                    && found.Count < MostNotifiers && found.Add(reference.Target.Id))
                {
                    open.Enqueue(reference.Target);
                }
            }
        }

        return found;
    }
}
