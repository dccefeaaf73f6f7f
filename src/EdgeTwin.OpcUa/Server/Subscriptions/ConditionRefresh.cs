using EdgeTwin.OpcUa.Schema;
using EdgeTwin.OpcUa.Server.Events;
using EdgeTwin.OpcUa.Server.Nodes;
using EdgeTwin.OpcUa.Types;

namespace EdgeTwin.OpcUa.Server.Subscriptions;

/// <summary>ConditionRefresh and ConditionRefresh2 (OPC 10000-9 §5.5.7, §5.5.8): the retained conditions between a
/// start and an end event, to one subscription or item. Without a source of conditions nothing is retained.</summary>
internal sealed class ConditionRefresh(SubscriptionManager manager, EventHub events)
{
    public ValueTask<CallResult> Refresh(MethodCall call, CancellationToken cancellationToken)
    {
        var status = SubscriptionMethods.Find(manager, call, out var subscription);
        if (subscription is not null)
        {
            Send(Array.FindAll(subscription.Items(), static item => item is EventItem));
        }

        return ValueTask.FromResult(status.IsBad ? CallResult.Failed(status) : CallResult.Good());
    }

    public ValueTask<CallResult> RefreshItem(MethodCall call, CancellationToken cancellationToken)
    {
        var status = SubscriptionMethods.Find(manager, call, out var subscription);
        if (subscription is null)
        {
            return ValueTask.FromResult(CallResult.Failed(status));
        }

        if (call.Arguments.Length < 2 || !call.Arguments[1].TryGet<uint>(out var id)
            || subscription.Find(id) is not EventItem item)
        {
            return ValueTask.FromResult(CallResult.Failed(StatusCodes.BadMonitoredItemIdInvalid));
        }

        Send([item]);
        return ValueTask.FromResult(CallResult.Good());
    }

    private void Send(MonitoredItem[] items)
    {
        var now = manager.Clock.UtcNow;
        var start = Mark(NodeIds.RefreshStartEventType, "The refresh of conditions begins.", now);
        var end = Mark(NodeIds.RefreshEndEventType, "The refresh of conditions has ended.", now);
        foreach (var item in items)
        {
            var target = (EventItem)item;
            // Start and end pass every filter: without them the client cannot tell what belongs to the refresh.
            target.OnMark(start);
            foreach (var condition in events.Conditions?.Retained ?? [])
            {
                target.OnEvent(condition);
            }

            target.OnMark(end);
        }
    }

    private static ServerEvent Mark(uint type, string text, DateTime now) => new()
    {
        EventType = type,
        SourceNode = NodeIds.Server,
        Time = now,
        Message = new LocalizedText("en", text),
        Severity = 100,
    };
}
