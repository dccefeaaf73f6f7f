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
    private readonly Lock _gate = new();
    private readonly Dictionary<NodeId, List<EventItem>> _items = [];
    private volatile bool _isWatched;

    /// <summary>True while at least one item watches: else events need not be made.</summary>
    public bool IsWatched => _isWatched;

    /// <summary>Where ConditionRefresh gets the conditions that are retained; null until there are alarms.</summary>
    public IConditionSource? Conditions { get; set; }

    public void Add(EventItem item)
    {
        lock (_gate)
        {
            if (!_items.TryGetValue(item.NodeId, out var items))
            {
                _items.Add(item.NodeId, items = []);
            }

            item.HubIndex = items.Count;
            items.Add(item);
            _isWatched = true;
        }
    }

    public void Remove(EventItem item)
    {
        lock (_gate)
        {
            if (!_items.TryGetValue(item.NodeId, out var items) || item.HubIndex >= items.Count
                || !ReferenceEquals(items[item.HubIndex], item))
            {
                return;
            }

            // The last one takes the place: 100,000 items on one notifier go as fast as one.
            var last = items[^1];
            items[item.HubIndex] = last;
            last.HubIndex = item.HubIndex;
            items.RemoveAt(items.Count - 1);
            if (items.Count == 0)
            {
                _items.Remove(item.NodeId);
                _isWatched = _items.Count > 0;
            }
        }
    }

    public void Raise(ServerEvent e)
    {
        ArgumentNullException.ThrowIfNull(e);
        if (!_isWatched)
        {
            return;
        }

        var notifiers = NotifiersOf(e.SourceNode);
        lock (_gate)
        {
            foreach (var notifier in notifiers)
            {
                if (_items.TryGetValue(notifier, out var items))
                {
                    foreach (var item in items)
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
