using EdgeTwin.OpcUa.Schema;
using EdgeTwin.OpcUa.Server.Events;
using EdgeTwin.OpcUa.Server.Nodes;
using EdgeTwin.OpcUa.Server.Services;
using EdgeTwin.OpcUa.Types;

namespace EdgeTwin.OpcUa.Server.Subscriptions;

/// <summary>Makes and changes items as clients ask, each with its own result (OPC 10000-4 §5.13.2, §5.13.3).</summary>
internal sealed class MonitoredItemFactory(SubscriptionManager manager, AddressSpace space)
{
    private const double LongestSamplingInterval = 24 * 3600 * 1000.0;
    private readonly DataChangeRules rules = new(space);

    /// <summary>Makes an item, disabled and not yet in its subscription.</summary>
    public MonitoredItemCreateResult Create(Subscription subscription, MonitoredItemCreateRequest request,
        TimestampsToReturn timestamps, in Caller caller, EventFilterCompiler filters, out MonitoredItem? item)
    {
        item = null;
        var target = request.ItemToMonitor;
        var status = Check(request, caller, out var node, out var range);
        if (status.IsBad)
        {
            return new MonitoredItemCreateResult { StatusCode = status };
        }

        var filter = new ItemFilter(node!, target.AttributeId);
        status = ReadFilter(filter, request.RequestedParameters.Filter, filters);
        if (status.IsBad)
        {
            return new MonitoredItemCreateResult { StatusCode = status, FilterResult = filter.Result };
        }

        if (!manager.TryAddItem(subscription, request.RequestedParameters.QueueSize, out var id, out var places))
        {
            return new MonitoredItemCreateResult { StatusCode = StatusCodes.BadTooManyMonitoredItems };
        }

        item = filter.Event is { } compiled
            ? new EventItem(subscription, id, target.NodeId, compiled)
            : NewDataItem(subscription, id, node!, target.AttributeId, range, caller);
        Configure(item, request.RequestedParameters, timestamps, filter, places);
        return new MonitoredItemCreateResult
        {
            MonitoredItemId = id,
            RevisedSamplingInterval = item.SamplingInterval,
            RevisedQueueSize = (uint)places,
            FilterResult = filter.Result,
        };
    }

    /// <summary>Changes what may be changed; an error leaves the item as it was.</summary>
    public MonitoredItemModifyResult Modify(
        MonitoredItem item, MonitoringParameters parameters, TimestampsToReturn timestamps, EventFilterCompiler filters)
    {
        if (space.Find(item.NodeId) is not { } node)
        {
            return new MonitoredItemModifyResult { StatusCode = StatusCodes.BadNodeIdUnknown };
        }

        var filter = new ItemFilter(node, item.AttributeId);
        var status = ReadFilter(filter, parameters.Filter, filters);
        if (status.IsBad)
        {
            return new MonitoredItemModifyResult { StatusCode = status, FilterResult = filter.Result };
        }

        manager.ReturnPlaces(item.QueueSize);
        var places = manager.TakePlaces(parameters.QueueSize);
        Configure(item, parameters, timestamps, filter, places);
        return new MonitoredItemModifyResult
        {
            RevisedSamplingInterval = item.SamplingInterval,
            RevisedQueueSize = (uint)places,
            FilterResult = filter.Result,
        };
    }

    private static DataItem NewDataItem(
        Subscription subscription, uint id, Node node, uint attributeId, NumericRange range, Caller caller)
    {
        if (attributeId != AttributeIds.Value || node is not VariableNode variable)
        {
            DataValue Read() => AttributeReader.Read(node, attributeId, default, caller);
            return new DataItem(subscription, id, node.Id, attributeId)
            {
                Range = range,
                Attribute = new WatchedAttribute(node, Read),
            };
        }

        return new DataItem(subscription, id, node.Id, attributeId)
        {
            Range = range,
            Variable = variable,
            Refused = AttributeReader.CheckRead(variable, caller),
        };
    }

    private static void Configure(MonitoredItem item, MonitoringParameters parameters, TimestampsToReturn timestamps,
        ItemFilter filter, int places)
    {
        lock (item.Subscription.Sync)
        {
            item.ClientHandle = parameters.ClientHandle;
            item.Timestamps = timestamps;
            if (item is EventItem e)
            {
                e.Configure(filter.Event!, places, parameters.DiscardOldest);
                return;
            }

            var data = (DataItem)item;
            data.SamplingInterval = Sampling(data, parameters.SamplingInterval);
            data.Rule = filter.Rule;
            data.Configure(places, parameters.DiscardOldest);
            data.UpdatePace();
        }
    }

    // Negative (and what is no number) is the publishing interval (§7.21). 0 is as fast as can be: every change of a
    // value that is pushed, else what the node says.
    private static double Sampling(DataItem item, double requested)
    {
        var fastest = item.Variable switch
        {
            null => 0,
            { Computed: not null } variable =>
                Math.Max(variable.MinimumSamplingInterval, ValueSampler.Fastest.TotalMilliseconds),
            var variable => Math.Max(variable.MinimumSamplingInterval, 0),
        };
        var publishing = TimeSpan.FromTicks(item.Subscription.PublishingInterval).TotalMilliseconds;
        var wanted = requested >= 0 ? requested : publishing;
        return Math.Clamp(wanted, fastest, Math.Max(fastest, LongestSamplingInterval));
    }

    private StatusCode Check(
        MonitoredItemCreateRequest request, in Caller caller, out Node? node, out NumericRange range)
    {
        var target = request.ItemToMonitor;
        range = default;
        node = space.Find(target.NodeId);
        if (node is null)
        {
            return StatusCodes.BadNodeIdUnknown;
        }

        if (request.MonitoringMode is < MonitoringMode.Disabled or > MonitoringMode.Reporting)
        {
            return StatusCodes.BadMonitoringModeInvalid;
        }

        if (!NumericRange.TryParse(target.IndexRange, out range))
        {
            return StatusCodes.BadIndexRangeInvalid;
        }

        var encoding = DataEncoding.Check(target.DataEncoding, target.AttributeId);
        if (encoding.IsBad)
        {
            return encoding;
        }

        if (target.AttributeId == AttributeIds.EventNotifier && !caller.May(node, PermissionType.ReceiveEvents))
        {
            return StatusCodes.BadUserAccessDenied;
        }

        // The value may be unreadable and is watched all the same: the error is what is reported (§5.13.2.4).
        if (node is VariableNode && target.AttributeId == AttributeIds.Value)
        {
            return default;
        }

        var value = AttributeReader.Read(node, target.AttributeId, default, caller);
        return value.Status.Code == StatusCodes.BadAttributeIdInvalid ? value.Status : default;
    }

    private StatusCode ReadFilter(ItemFilter filter, ExtensionObject? requested, EventFilterCompiler filters)
    {
        if (filter.AttributeId == AttributeIds.EventNotifier)
        {
            return ReadEventFilter(filter, requested, filters);
        }

        switch (requested?.Body)
        {
            case null:
                return default;
            case EventFilter:
                return StatusCodes.BadFilterNotAllowed;
            case AggregateFilter:
                return StatusCodes.BadMonitoredItemFilterUnsupported;
            case DataChangeFilter change when filter.AttributeId == AttributeIds.Value:
                var status = rules.Make(change, filter.Node, out var rule);
                filter.Rule = rule;
                return status;
            case DataChangeFilter:
                return StatusCodes.BadFilterNotAllowed;
            default:
                return StatusCodes.BadMonitoredItemFilterInvalid;
        }
    }

    private static StatusCode ReadEventFilter(
        ItemFilter filter, ExtensionObject? requested, EventFilterCompiler filters)
    {
        var notifier = filter.Node switch
        {
            ObjectNode node => node.EventNotifier,
            ViewNode node => node.EventNotifier,
            _ => EventNotifierType.None,
        };
        if ((notifier & EventNotifierType.SubscribeToEvents) == EventNotifierType.None)
        {
            return StatusCodes.BadNotSupported;
        }

        switch (requested?.Body)
        {
            case EventFilter asked:
                var status = filters.Compile(asked, out var compiled, out var result);
                filter.Event = compiled;
                filter.Result = result is null ? null : new ExtensionObject(result);
                return status;
            case null:
                return StatusCodes.BadEventFilterInvalid;
            case DataChangeFilter or AggregateFilter:
                return StatusCodes.BadFilterNotAllowed;
            default:
                return StatusCodes.BadMonitoredItemFilterInvalid;
        }
    }
}
