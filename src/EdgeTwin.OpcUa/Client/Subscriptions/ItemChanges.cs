using EdgeTwin.OpcUa.Client.Services;
using EdgeTwin.OpcUa.Client.Sessions;
using EdgeTwin.OpcUa.Encoding;
using EdgeTwin.OpcUa.Schema;
using EdgeTwin.OpcUa.Types;

namespace EdgeTwin.OpcUa.Client.Subscriptions;

/// <summary>ModifyMonitoredItems, SetMonitoringMode and SetTriggering as the hub uses them (OPC 10000-4 §5.13.3 to
/// §5.13.5).</summary>
internal static class ItemChanges
{
    /// <summary>Changes items that the server monitors. What it takes is kept for the item's next life.</summary>
    /// <returns>Good, or why not, for each.</returns>
    public static async Task<StatusCode[]> ModifyAsync(ClientSession session, ClientSubscription subscription,
        IReadOnlyList<(ClientItem Item, ItemOptions Options)> changes, CancellationToken cancellation)
    {
        var results = await Batch.RunAsync(changes, session.Limits.MonitoredItems, async part =>
            (await session.SendAsync<ModifyMonitoredItemsRequest, ModifyMonitoredItemsResponse>(
                new ModifyMonitoredItemsRequest
                {
                    RequestHeader = session.Header(),
                    SubscriptionId = subscription.Remote.Id,
                    TimestampsToReturn = subscription.Options.Timestamps,
                    ItemsToModify = Array.ConvertAll(part, static c => new MonitoredItemModifyRequest
                    {
                        MonitoredItemId = c.Item.ServerId,
                        RequestedParameters = c.Item.Parameters(c.Options),
                    }),
                }, cancellation)).Results);
        var statuses = Array.ConvertAll(results, static r => r.StatusCode);
        for (var i = 0; i < results.Length; i++)
        {
            if (!statuses[i].IsBad) changes[i].Item.Take(results[i], changes[i].Options);
        }

        await SetModesAsync(session, subscription, changes, statuses, cancellation);
        return statuses;
    }

    /// <summary>Adds and removes links between items that the server monitors.</summary>
    /// <returns>Good, or why not, for each of both.</returns>
    public static async Task<(StatusCode[] Added, StatusCode[] Removed)> LinkAsync(ClientSession session,
        ClientSubscription subscription, ClientItem trigger, ClientItem[] add, ClientItem[] remove,
        CancellationToken cancellation)
    {
        var response = await session.SendAsync<SetTriggeringRequest, SetTriggeringResponse>(
            new SetTriggeringRequest
            {
                RequestHeader = session.Header(),
                SubscriptionId = subscription.Remote.Id,
                TriggeringItemId = trigger.ServerId,
                LinksToAdd = Array.ConvertAll(add, static i => i.ServerId),
                LinksToRemove = Array.ConvertAll(remove, static i => i.ServerId),
            }, cancellation);
        if (response.AddResults.Length != add.Length || response.RemoveResults.Length != remove.Length)
        {
            throw new OpcUaException(StatusCodes.BadUnknownResponse,
                $"{response.AddResults.Length} and {response.RemoveResults.Length} results for {add.Length} and "
                + $"{remove.Length} links");
        }

        for (var i = 0; i < add.Length; i++)
        {
            if (!response.AddResults[i].IsBad) trigger.Links.Made(add[i], trigger.ServerId);
        }

        return (response.AddResults, response.RemoveResults);
    }

    /// <summary>Makes the links that items lost with their last life on the server. One that is refused is tried again
    /// slowly.</summary>
    public static async Task RestoreLinksAsync(
        ClientSession session, ClientSubscription subscription, CancellationToken cancellation)
    {
        foreach (var trigger in subscription.ByHandle.Values)
        {
            if (!trigger.IsMonitored) continue;
            var missing = trigger.Links.Missing(trigger.ServerId);
            if (missing.Length == 0) continue;
            try
            {
                await LinkAsync(session, subscription, trigger, missing, [], cancellation);
            }
            catch (OpcUaException e) when (Loss.IsRefusal(e.Status))
            {
                // The values still come by themselves, where the items report.
            }
        }
    }

    // One request for each mode that some of the items change to.
    private static async Task SetModesAsync(ClientSession session, ClientSubscription subscription,
        IReadOnlyList<(ClientItem Item, ItemOptions Options)> changes, StatusCode[] statuses,
        CancellationToken cancellation)
    {
        var changed = Enumerable.Range(0, changes.Count)
            .Where(i => !statuses[i].IsBad && changes[i].Item.Options.Mode != changes[i].Options.Mode);
        foreach (var group in changed.GroupBy(i => changes[i].Options.Mode).ToArray())
        {
            int[] indexes = [.. group];
            var results = await Batch.RunAsync(indexes, session.Limits.MonitoredItems, async part =>
                (await session.SendAsync<SetMonitoringModeRequest, SetMonitoringModeResponse>(
                    new SetMonitoringModeRequest
                    {
                        RequestHeader = session.Header(),
                        SubscriptionId = subscription.Remote.Id,
                        MonitoringMode = group.Key,
                        MonitoredItemIds = Array.ConvertAll(part, i => changes[i].Item.ServerId),
                    }, cancellation)).Results);
            for (var i = 0; i < indexes.Length; i++)
            {
                statuses[indexes[i]] = results[i];
                if (!results[i].IsBad) changes[indexes[i]].Item.Options = changes[indexes[i]].Options;
            }
        }
    }
}
