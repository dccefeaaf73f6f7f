using EdgeTwin.OpcUa.Client.Services;
using EdgeTwin.OpcUa.Client.Sessions;
using EdgeTwin.OpcUa.Encoding;
using EdgeTwin.OpcUa.Schema;
using EdgeTwin.OpcUa.Types;

namespace EdgeTwin.OpcUa.Client.Subscriptions;

/// <summary>The Subscription and MonitoredItem service sets as the hub uses them (OPC 10000-4 §5.13, §5.14).</summary>
internal static class SubscriptionServices
{
    public static async Task CreateAsync(ClientSession session, ClientSubscription subscription, TimeProvider time,
        CancellationToken cancellation)
    {
        var response = await session.SendAsync<CreateSubscriptionRequest, CreateSubscriptionResponse>(
            RemoteSubscription.Request(subscription.Options, session.Header()), cancellation);
        subscription.Remote.Take(response, session.Secrets.SessionId, time.GetTimestamp());
    }

    public static async Task DeleteAsync(ClientSession session, uint id, CancellationToken cancellation) =>
        await session.SendAsync<DeleteSubscriptionsRequest, DeleteSubscriptionsResponse>(
            new DeleteSubscriptionsRequest { RequestHeader = session.Header(), SubscriptionIds = [id] }, cancellation);

    /// <summary>Asks which subscriptions the session has. Switching publishing on, where it is on, changes nothing and
    /// has a result for each.</summary>
    public static async Task<StatusCode[]> ProbeAsync(
        ClientSession session, uint[] ids, CancellationToken cancellation)
    {
        var response = await session.SendAsync<SetPublishingModeRequest, SetPublishingModeResponse>(
            new SetPublishingModeRequest
            {
                RequestHeader = session.Header(),
                PublishingEnabled = true,
                SubscriptionIds = ids,
            }, cancellation);
        return response.Results.Length == ids.Length ? response.Results : throw Mismatch(response.Results.Length);
    }

    /// <summary>Moves subscriptions of an older session to this one. Without initial values: what changed meanwhile is
    /// in the queues.</summary>
    public static async Task<TransferResult[]> TransferAsync(
        ClientSession session, uint[] ids, CancellationToken cancellation)
    {
        var response = await session.SendAsync<TransferSubscriptionsRequest, TransferSubscriptionsResponse>(
            new TransferSubscriptionsRequest { RequestHeader = session.Header(), SubscriptionIds = ids },
            cancellation);
        return response.Results.Length == ids.Length ? response.Results : throw Mismatch(response.Results.Length);
    }

    /// <summary>Creates items, each with its own result.</summary>
    public static async Task MonitorAsync(ClientSession session, ClientSubscription subscription,
        IReadOnlyCollection<ClientItem> items, CancellationToken cancellation)
    {
        var asked = new List<(ClientItem Item, NodeId Node)>(items.Count);
        foreach (var item in items)
        {
            if (session.Namespaces.TryResolve(item.Node, out var node)) asked.Add((item, node));
            else item.Refuse(StatusCodes.BadNodeIdUnknown);
        }

        if (asked.Count == 0) return;
        await Batch.RunAsync(asked, session.Limits.MonitoredItems,
            part => MonitorAsync(session, subscription, part, cancellation));
    }

    public static Task UnmonitorAsync(ClientSession session, uint subscription, uint[] ids,
        CancellationToken cancellation) =>
        Batch.RunAsync(ids, session.Limits.MonitoredItems, async part =>
            (await session.SendAsync<DeleteMonitoredItemsRequest, DeleteMonitoredItemsResponse>(
                new DeleteMonitoredItemsRequest
                {
                    RequestHeader = session.Header(),
                    SubscriptionId = subscription,
                    MonitoredItemIds = part,
                }, cancellation)).Results);

    private static async Task<MonitoredItemCreateResult[]> MonitorAsync(ClientSession session,
        ClientSubscription subscription, (ClientItem Item, NodeId Node)[] part, CancellationToken cancellation)
    {
        // Until the answer is there, the items may be on the server without us knowing their ids.
        var remote = subscription.Remote;
        remote.IsUncertain = true;
        MonitoredItemCreateResult[] results;
        try
        {
            var response = await session.SendAsync<CreateMonitoredItemsRequest, CreateMonitoredItemsResponse>(
                new CreateMonitoredItemsRequest
                {
                    RequestHeader = session.Header(),
                    SubscriptionId = remote.Id,
                    TimestampsToReturn = subscription.Options.Timestamps,
                    ItemsToCreate = Array.ConvertAll(part, static a => a.Item.Request(a.Node)),
                }, cancellation);
            results = response.Results;
        }
        catch (OpcUaException e) when (Loss.IsRefusal(e.Status))
        {
            remote.IsUncertain = false;
            throw;
        }

        if (results.Length != part.Length) throw Mismatch(results.Length);
        for (var i = 0; i < results.Length; i++) part[i].Item.Take(results[i]);
        remote.IsUncertain = false;
        return results;
    }

    private static OpcUaException Mismatch(int results) =>
        new(StatusCodes.BadUnknownResponse, $"{results} results for another number of operations");
}
