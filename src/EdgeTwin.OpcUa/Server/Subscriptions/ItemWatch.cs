using EdgeTwin.OpcUa.Schema;
using EdgeTwin.OpcUa.Server.Events;

namespace EdgeTwin.OpcUa.Server.Subscriptions;

/// <summary>Ties items to what they watch and unties them. The caller holds the subscription's structure lock and not
/// its
/// <see cref="Subscription.Sync"/>: nodes have locks of their own.</summary>
internal static class ItemWatch
{
    /// <summary>Starts the pushes and queues the value as it is now; nothing for a disabled item.</summary>
    public static void Begin(MonitoredItem item, EventHub events)
    {
        if (item.IsWatched || item.Mode == MonitoringMode.Disabled)
        {
            return;
        }

        item.IsWatched = true;
        switch (item)
        {
            case EventItem e:
                events.Add(e);
                return;
            case DataItem { Refused: { IsBad: true } refused } data:
                data.OnFirstValue(new(refused));
                return;
            case DataItem { Variable: { } variable } data:
                variable.Watch(data, TimeSpan.FromMilliseconds(data.SamplingInterval));
                data.OnFirstValue(variable.Get());
                return;
            case DataItem { Attribute: { } attribute } data:
                attribute.Node.WatchAttributes(data);
                data.OnFirstValue(attribute.Read());
                return;
        }
    }

    /// <summary>Ends the pushes.</summary>
    public static void End(MonitoredItem item, EventHub events)
    {
        if (!item.IsWatched)
        {
            return;
        }

        item.IsWatched = false;
        switch (item)
        {
            case EventItem e:
                events.Remove(e);
                return;
            case DataItem { Refused.IsBad: true }:
                return;
            case DataItem { Variable: { } variable } data:
                variable.Unwatch(data);
                return;
            case DataItem { Attribute: { } attribute } data:
                attribute.Node.UnwatchAttributes(data);
                return;
        }
    }
}
