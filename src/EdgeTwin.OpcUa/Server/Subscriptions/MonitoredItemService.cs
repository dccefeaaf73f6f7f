using EdgeTwin.OpcUa.Encoding;
using EdgeTwin.OpcUa.Schema;
using EdgeTwin.OpcUa.Server.Events;
using EdgeTwin.OpcUa.Server.Nodes;
using EdgeTwin.OpcUa.Server.Services;
using EdgeTwin.OpcUa.Types;

namespace EdgeTwin.OpcUa.Server.Subscriptions;

/// <summary>The MonitoredItem services (OPC 10000-4 §5.13).</summary>
internal sealed class MonitoredItemService(SubscriptionManager manager, AddressSpace space, EventHub events)
{
    private readonly MonitoredItemFactory factory = new(manager, space);

    public void Register(ServiceTable table)
    {
        table.Add<CreateMonitoredItemsRequest>(CreateMonitoredItemsRequest.EncodingId, "CreateMonitoredItems", Create);
        table.Add<ModifyMonitoredItemsRequest>(ModifyMonitoredItemsRequest.EncodingId, "ModifyMonitoredItems", Modify);
        table.Add<SetMonitoringModeRequest>(
            SetMonitoringModeRequest.EncodingId, "SetMonitoringMode", SetMonitoringMode);
        table.Add<SetTriggeringRequest>(SetTriggeringRequest.EncodingId, "SetTriggering", SetTriggering);
        table.Add<DeleteMonitoredItemsRequest>(DeleteMonitoredItemsRequest.EncodingId, "DeleteMonitoredItems", Delete);
    }

    public ValueTask<IServiceResponse> Create(CreateMonitoredItemsRequest request, RequestContext context)
    {
        var subscription = Begin(context, request.SubscriptionId, request.ItemsToCreate.Length);
        CheckTimestamps(request.TimestampsToReturn);
        var results = new MonitoredItemCreateResult[request.ItemsToCreate.Length];
        var filters = new EventFilterCompiler(space, manager.Limits);
        var caller = Caller.Of(context);
        lock (subscription.Structure)
        {
            CheckOpen(subscription);
            for (var i = 0; i < results.Length; i++)
            {
                var wanted = request.ItemsToCreate[i];
                results[i] = factory.Create(
                    subscription, wanted, request.TimestampsToReturn, caller, filters, out var item);
                if (item is not null)
                {
                    subscription.Add(item);
                    SetMode(subscription, item, wanted.MonitoringMode);
                }
            }
        }

        return ValueTask.FromResult<IServiceResponse>(new CreateMonitoredItemsResponse { Results = results });
    }

    public ValueTask<IServiceResponse> Modify(ModifyMonitoredItemsRequest request, RequestContext context)
    {
        var subscription = Begin(context, request.SubscriptionId, request.ItemsToModify.Length);
        CheckTimestamps(request.TimestampsToReturn);
        var results = new MonitoredItemModifyResult[request.ItemsToModify.Length];
        var filters = new EventFilterCompiler(space, manager.Limits);
        lock (subscription.Structure)
        {
            CheckOpen(subscription);
            for (var i = 0; i < results.Length; i++)
            {
                var change = request.ItemsToModify[i];
                results[i] = subscription.Find(change.MonitoredItemId) is { } item
                    ? factory.Modify(item, change.RequestedParameters, request.TimestampsToReturn, filters)
                    : new MonitoredItemModifyResult { StatusCode = StatusCodes.BadMonitoredItemIdInvalid };
            }
        }

        return ValueTask.FromResult<IServiceResponse>(new ModifyMonitoredItemsResponse { Results = results });
    }

    public ValueTask<IServiceResponse> SetMonitoringMode(SetMonitoringModeRequest request, RequestContext context)
    {
        var subscription = Begin(context, request.SubscriptionId, request.MonitoredItemIds.Length);
        var mode = request.MonitoringMode;
        if (mode is < MonitoringMode.Disabled or > MonitoringMode.Reporting)
        {
            throw new OpcUaException(StatusCodes.BadMonitoringModeInvalid, $"monitoring mode {(int)mode}");
        }

        var results = ForEach(subscription, request.MonitoredItemIds, item => SetMode(subscription, item, mode));
        return ValueTask.FromResult<IServiceResponse>(new SetMonitoringModeResponse { Results = results });
    }

    public ValueTask<IServiceResponse> Delete(DeleteMonitoredItemsRequest request, RequestContext context)
    {
        var subscription = Begin(context, request.SubscriptionId, request.MonitoredItemIds.Length);
        var results = ForEach(subscription, request.MonitoredItemIds, item =>
        {
            if (subscription.Remove(item))
            {
                manager.Unwatch(item);
            }
        });
        return ValueTask.FromResult<IServiceResponse>(new DeleteMonitoredItemsResponse { Results = results });
    }

    /// <summary>Removes links first, then adds (§5.13.5).</summary>
    public ValueTask<IServiceResponse> SetTriggering(SetTriggeringRequest request, RequestContext context)
    {
        var links = request.LinksToAdd.Length + request.LinksToRemove.Length;
        var subscription = Begin(context, request.SubscriptionId, links);
        lock (subscription.Structure)
        {
            CheckOpen(subscription);
            var item = subscription.Find(request.TriggeringItemId) ?? throw new OpcUaException(
                StatusCodes.BadMonitoredItemIdInvalid, $"the subscription has no item {request.TriggeringItemId}");
            return ValueTask.FromResult<IServiceResponse>(new SetTriggeringResponse
            {
                RemoveResults = Array.ConvertAll(request.LinksToRemove, id => Unlink(subscription, item, id)),
                AddResults = Array.ConvertAll(request.LinksToAdd, id => Link(subscription, item, id)),
            });
        }
    }

    private static void CheckOpen(Subscription subscription)
    {
        if (subscription.IsClosed)
        {
            throw new OpcUaException(StatusCodes.BadSubscriptionIdInvalid, "the subscription has ended");
        }
    }

    private static void CheckTimestamps(TimestampsToReturn timestamps)
    {
        if (timestamps is < TimestampsToReturn.Source or > TimestampsToReturn.Neither)
        {
            throw new OpcUaException(StatusCodes.BadTimestampsToReturnInvalid, $"timestamps {(int)timestamps}");
        }
    }

    private static StatusCode Unlink(Subscription subscription, MonitoredItem item, uint id)
    {
        lock (subscription.Sync)
        {
            return subscription.Find(id) is { } linked && item.Unlink(linked)
                ? default(StatusCode)
                : StatusCodes.BadMonitoredItemIdInvalid;
        }
    }

    private StatusCode Link(Subscription subscription, MonitoredItem item, uint id)
    {
        lock (subscription.Sync)
        {
            // An item that triggers itself would never rest; it is no item to link to.
            if (subscription.Find(id) is not { } linked || ReferenceEquals(linked, item))
            {
                return StatusCodes.BadMonitoredItemIdInvalid;
            }

            return item.Link(linked, manager.Limits.MaxTriggeringLinks)
                ? default(StatusCode)
                : StatusCodes.BadTooManyOperations;
        }
    }

    private Subscription Begin(RequestContext context, uint subscriptionId, int operations)
    {
        var subscription = manager.Get(context.Session, subscriptionId);
        subscription.Touch();
        RequestLimits.Check(operations, manager.Limits.MaxItemsPerCall);
        return subscription;
    }

    private static StatusCode[] ForEach(Subscription subscription, uint[] ids, Action<MonitoredItem> action)
    {
        var results = new StatusCode[ids.Length];
        lock (subscription.Structure)
        {
            CheckOpen(subscription);
            for (var i = 0; i < ids.Length; i++)
            {
                if (subscription.Find(ids[i]) is { } item)
                {
                    action(item);
                }
                else
                {
                    results[i] = StatusCodes.BadMonitoredItemIdInvalid;
                }
            }
        }

        return results;
    }

    // A disabled item is not pushed to at all; enabled again it reports the value as it is then (§5.13.1.3).
    private void SetMode(Subscription subscription, MonitoredItem item, MonitoringMode mode)
    {
        lock (subscription.Sync)
        {
            item.SetMode(mode);
        }

        if (mode == MonitoringMode.Disabled)
        {
            ItemWatch.End(item, events);
        }
        else
        {
            ItemWatch.Begin(item, events);
        }
    }
}
