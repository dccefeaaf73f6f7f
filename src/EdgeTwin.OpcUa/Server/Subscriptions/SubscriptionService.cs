using EdgeTwin.OpcUa.Encoding;
using EdgeTwin.OpcUa.Schema;
using EdgeTwin.OpcUa.Server.Services;
using EdgeTwin.OpcUa.Types;

namespace EdgeTwin.OpcUa.Server.Subscriptions;

/// <summary>The Subscription services (OPC 10000-4 §5.14).</summary>
internal sealed class SubscriptionService(SubscriptionManager manager)
{
    private const int AcknowledgementBytes = 2 * sizeof(uint);

    public void Register(ServiceTable table)
    {
        table.Add<CreateSubscriptionRequest>(CreateSubscriptionRequest.EncodingId, "CreateSubscription", Create);
        table.Add<ModifySubscriptionRequest>(ModifySubscriptionRequest.EncodingId, "ModifySubscription", Modify);
        table.Add<SetPublishingModeRequest>(
            SetPublishingModeRequest.EncodingId, "SetPublishingMode", SetPublishingMode);
        table.AddDeferred(PublishRequest.EncodingId, "Publish", Publish);
        table.AddDeferred(RepublishRequest.EncodingId, "Republish", Republish);
        table.Add<TransferSubscriptionsRequest>(
            TransferSubscriptionsRequest.EncodingId, "TransferSubscriptions", Transfer);
        table.Add<DeleteSubscriptionsRequest>(DeleteSubscriptionsRequest.EncodingId, "DeleteSubscriptions", Delete);
    }

    public ValueTask<IServiceResponse> Create(CreateSubscriptionRequest request, RequestContext context)
    {
        var settings = SubscriptionSettings.Revise(manager.Limits, request.RequestedPublishingInterval,
            request.RequestedLifetimeCount, request.RequestedMaxKeepAliveCount, request.MaxNotificationsPerPublish,
            request.Priority);
        var subscription = manager.Create(context.Session, settings, request.PublishingEnabled);
        return ValueTask.FromResult<IServiceResponse>(new CreateSubscriptionResponse
        {
            SubscriptionId = subscription.Id,
            RevisedPublishingInterval = settings.PublishingInterval.TotalMilliseconds,
            RevisedLifetimeCount = settings.LifetimeCount,
            RevisedMaxKeepAliveCount = settings.KeepAliveCount,
        });
    }

    public ValueTask<IServiceResponse> Modify(ModifySubscriptionRequest request, RequestContext context)
    {
        var subscription = manager.Get(context.Session, request.SubscriptionId);
        var settings = SubscriptionSettings.Revise(manager.Limits, request.RequestedPublishingInterval,
            request.RequestedLifetimeCount, request.RequestedMaxKeepAliveCount, request.MaxNotificationsPerPublish,
            request.Priority);
        manager.Modify(subscription, settings);
        return ValueTask.FromResult<IServiceResponse>(new ModifySubscriptionResponse
        {
            RevisedPublishingInterval = settings.PublishingInterval.TotalMilliseconds,
            RevisedLifetimeCount = settings.LifetimeCount,
            RevisedMaxKeepAliveCount = settings.KeepAliveCount,
        });
    }

    public ValueTask<IServiceResponse> SetPublishingMode(SetPublishingModeRequest request, RequestContext context)
    {
        var results = ForEach(request.SubscriptionIds, context,
            subscription => subscription.SetPublishingEnabled(request.PublishingEnabled));
        return ValueTask.FromResult<IServiceResponse>(new SetPublishingModeResponse { Results = results });
    }

    public ValueTask<IServiceResponse> Delete(DeleteSubscriptionsRequest request, RequestContext context)
    {
        var results = ForEach(request.SubscriptionIds, context, subscription => manager.Delete(subscription));
        return ValueTask.FromResult<IServiceResponse>(new DeleteSubscriptionsResponse { Results = results });
    }

    /// <summary>Takes the acknowledgements; the answer comes when there is something to tell.</summary>
    public void Publish(ref UaReader request, RequestContext context)
    {
        var count = request.ReadArrayLength(AcknowledgementBytes);
        StatusCode[] results = count > 0 ? new StatusCode[count] : [];
        for (var i = 0; i < results.Length; i++)
        {
            var subscription = manager.Find(context.Session, request.ReadUInt32());
            var sequenceNumber = request.ReadUInt32();
            results[i] = subscription?.Acknowledge(sequenceNumber) ?? StatusCodes.BadSubscriptionIdInvalid;
        }

        var deadline = context.TimeoutHint == 0
            ? long.MaxValue
            : manager.Clock.Now + (context.TimeoutHint * TimeSpan.TicksPerMillisecond);
        manager.Of(context.Session).Publish(
            new PublishRequestEntry(context.Connection, context.RequestId, context.RequestHandle, results, deadline));
    }

    /// <summary>Answers at once, with the bytes as they went out before.</summary>
    public void Republish(ref UaReader request, RequestContext context)
    {
        var subscription = manager.Get(context.Session, request.ReadUInt32());
        var sequenceNumber = request.ReadUInt32();
        var buffer = context.Connection.RentBuffer();
        var writer = new UaWriter(buffer);
        ResponseHead.Write(writer, RepublishResponse.EncodingId, context.RequestHandle, context.UtcNow);
        StatusCode status;
        try
        {
            status = subscription.TryRepublish(sequenceNumber, writer)
                ? StatusCodes.Good
                : StatusCodes.BadMessageNotAvailable;
        }
        catch (OpcUaException)
        {
            // It went out over a connection that took more.
            status = StatusCodes.BadResponseTooLarge;
        }

        if (status.IsBad)
        {
            buffer.Reset();
            ResponseHead.WriteFault(buffer, context.RequestHandle, context.UtcNow, status);
        }

        context.Connection.Send(context.RequestId, buffer);
    }

    public ValueTask<IServiceResponse> Transfer(TransferSubscriptionsRequest request, RequestContext context)
    {
        RequestLimits.Check(request.SubscriptionIds.Length, manager.Limits.MaxItemsPerCall);
        var results = new TransferResult[request.SubscriptionIds.Length];
        for (var i = 0; i < results.Length; i++)
        {
            results[i] = Transfer(request.SubscriptionIds[i], request.SendInitialValues, context);
        }

        return ValueTask.FromResult<IServiceResponse>(new TransferSubscriptionsResponse { Results = results });
    }

    private TransferResult Transfer(uint id, bool sendInitialValues, RequestContext context)
    {
        if (manager.Find(id) is not { } subscription)
        {
            return new TransferResult { StatusCode = StatusCodes.BadSubscriptionIdInvalid };
        }

        try
        {
            manager.Transfer(subscription, context.Session, sendInitialValues);
            return new TransferResult { AvailableSequenceNumbers = subscription.AvailableSequenceNumbers() };
        }
        catch (OpcUaException e)
        {
            return new TransferResult { StatusCode = e.Status };
        }
    }

    private StatusCode[] ForEach(uint[] ids, RequestContext context, Action<Subscription> action)
    {
        RequestLimits.Check(ids.Length, manager.Limits.MaxItemsPerCall);
        var results = new StatusCode[ids.Length];
        for (var i = 0; i < ids.Length; i++)
        {
            if (manager.Find(context.Session, ids[i]) is { } subscription)
            {
                action(subscription);
            }
            else
            {
                results[i] = StatusCodes.BadSubscriptionIdInvalid;
            }
        }

        return results;
    }
}
