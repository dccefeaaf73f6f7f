using EdgeTwin.OpcUa.Schema;
using EdgeTwin.OpcUa.Server.Events;
using EdgeTwin.OpcUa.Server.Nodes;
using EdgeTwin.OpcUa.Types;

namespace EdgeTwin.OpcUa.Server.Subscriptions;

/// <summary>The methods of namespace 0 that are about subscriptions.</summary>
internal sealed class SubscriptionMethods(SubscriptionManager manager)
{
    /// <summary>Gives the method nodes of the space their handlers; those that are not there are left out.</summary>
    public void Register(AddressSpace space, EventHub events)
    {
        SetHandler(space, NodeIds.Server_GetMonitoredItems, GetMonitoredItems);
        SetHandler(space, NodeIds.Server_ResendData, ResendData);
        var refresh = new ConditionRefresh(manager, events);
        SetHandler(space, NodeIds.ConditionType_ConditionRefresh, refresh.Refresh);
        SetHandler(space, NodeIds.ConditionType_ConditionRefresh2, refresh.RefreshItem);
    }

    /// <summary>The handles of all items of a subscription, the server's and the client's (OPC 10000-5 §9.1).</summary>
    public ValueTask<CallResult> GetMonitoredItems(MethodCall call, CancellationToken cancellationToken)
    {
        var status = Find(manager, call, out var subscription);
        if (status.IsBad)
        {
            return ValueTask.FromResult(CallResult.Failed(status));
        }

        var items = subscription!.Items();
        return ValueTask.FromResult(CallResult.Good(
            Variant.Of(Array.ConvertAll(items, static item => item.Id)),
            Variant.Of(Array.ConvertAll(items, static item => item.ClientHandle))));
    }

    /// <summary>Sends the values of all reporting data items again (OPC 10000-5 §9.2).</summary>
    public ValueTask<CallResult> ResendData(MethodCall call, CancellationToken cancellationToken)
    {
        var status = Find(manager, call, out var subscription);
        subscription?.ResendData();
        return ValueTask.FromResult(status.IsBad ? CallResult.Failed(status) : CallResult.Good());
    }

    /// <summary>The subscription that the first argument names: Good, BadSubscriptionIdInvalid, or
    /// BadUserAccessDenied when it is another session's.</summary>
    internal static StatusCode Find(SubscriptionManager manager, MethodCall call, out Subscription? subscription)
    {
        subscription = null;
        if (call.Arguments.Length == 0 || !call.Arguments[0].TryGet<uint>(out var id)
            || manager.Find(id) is not { } found)
        {
            return StatusCodes.BadSubscriptionIdInvalid;
        }

        if (call.Context is not { } context || !ReferenceEquals(found.Owner?.Session, context.Session))
        {
            return StatusCodes.BadUserAccessDenied;
        }

        subscription = found;
        return default;
    }

    private static void SetHandler(AddressSpace space, NodeId id, MethodHandler handler)
    {
        if (space.Find(id) is MethodNode method)
        {
            method.Handler = handler;
        }
    }
}
