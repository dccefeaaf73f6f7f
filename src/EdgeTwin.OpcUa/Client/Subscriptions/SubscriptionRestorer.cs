using EdgeTwin.OpcUa.Client.Sessions;
using EdgeTwin.OpcUa.Encoding;
using EdgeTwin.OpcUa.Schema;
using EdgeTwin.OpcUa.Types;

namespace EdgeTwin.OpcUa.Client.Subscriptions;

/// <summary>
/// Brings subscriptions back: kept where the server kept them, transferred where the session is new, made anew where
/// they are gone. Fails only when the session is lost again; what the server refuses stays for a later attempt.
/// </summary>
internal sealed class SubscriptionRestorer
{
    private readonly SubscriptionTable table;
    private readonly Acknowledgements acknowledgements;
    private readonly TimeProvider time;

    public SubscriptionRestorer(SubscriptionTable table, Acknowledgements acknowledgements, TimeProvider time)
    {
        this.table = table;
        this.acknowledgements = acknowledgements;
        this.time = time;
    }

    /// <summary>The namespaces of the last session, for items that are added while there is none.</summary>
    public NamespaceTable LastNamespaces { get; private set; } = new([]);

    public async Task RestoreAsync(ClientSession session, Outage outage, CancellationToken cancellation)
    {
        LastNamespaces = session.Namespaces;
        await DropDoubtfulAsync(session, cancellation);
        var own = Alive(s => s.Remote.Session == session.Secrets.SessionId);
        Forget(own, await ProbeAsync(session, own, cancellation));
        var others = Alive(s => s.Remote.Session != session.Secrets.SessionId);
        Forget(others, await TransferAsync(session, others, cancellation));
        foreach (var subscription in table.All)
        {
            var kind = !subscription.Remote.IsAlive ? RecoveryKind.Recreated
                : others.Contains(subscription) ? RecoveryKind.Transferred : RecoveryKind.Resumed;
            await RestoreAsync(session, subscription, outage, kind, cancellation);
        }
    }

    /// <summary>Subscriptions and items that the server refused before.</summary>
    public async Task RetryAsync(ClientSession session, CancellationToken cancellation)
    {
        var now = time.GetUtcNow().UtcDateTime;
        await DropDoubtfulAsync(session, cancellation);
        foreach (var subscription in table.All)
        {
            if (!subscription.Remote.IsAlive)
            {
                await RestoreAsync(session, subscription, new Outage(now, default),
                    RecoveryKind.Recreated, cancellation);
            }
            else
            {
                await MonitorMissingAsync(session, subscription, cancellation);
                await ItemChanges.RestoreLinksAsync(session, subscription, cancellation);
            }
        }
    }

    /// <summary>Items that the server does not monitor.</summary>
    public async Task MonitorMissingAsync(
        ClientSession session, ClientSubscription subscription, CancellationToken cancellation)
    {
        var missing = subscription.ByHandle.Values.Where(static i => !i.IsMonitored).ToArray();
        if (missing.Length == 0) return;
        var known = Array.ConvertAll(missing, static i => i.Status);

        // A node may be missing because its namespace was.
        session.Namespaces = await ServerFacts.ReadNamespacesAsync(session, cancellation);
        LastNamespaces = session.Namespaces;
        await SubscriptionServices.MonitorAsync(session, subscription, missing, cancellation);
        var changed = new List<ClientItem>();
        for (var i = 0; i < missing.Length; i++)
        {
            if (!missing[i].IsMonitored && missing[i].Status != known[i]) changed.Add(missing[i]);
        }

        subscription.TellRefused(changed, time.GetUtcNow().UtcDateTime);
    }

    private async Task RestoreAsync(ClientSession session, ClientSubscription subscription, Outage outage,
        RecoveryKind kind, CancellationToken cancellation)
    {
        try
        {
            if (kind == RecoveryKind.Recreated)
            {
                foreach (var item in subscription.ByHandle.Values) item.Forget();
                await SubscriptionServices.CreateAsync(session, subscription, time, cancellation);
                table.Bind(subscription);
            }

            subscription.Remote.LastHeard = time.GetTimestamp();
            var missing = subscription.ByHandle.Values.Where(static i => !i.IsMonitored).ToArray();
            await SubscriptionServices.MonitorAsync(session, subscription, missing, cancellation);
            await ItemChanges.RestoreLinksAsync(session, subscription, cancellation);
            Tell(subscription, outage, kind);
            subscription.TellRefused(
                Array.FindAll(missing, static i => !i.IsMonitored), time.GetUtcNow().UtcDateTime);
        }
        catch (OpcUaException e) when (Loss.IsRefusal(e.Status))
        {
            // Kept for the next attempt; the others go on.
            table.Unbind(subscription);
        }
    }

    private void Tell(ClientSubscription subscription, Outage outage, RecoveryKind kind)
    {
        var now = time.GetUtcNow().UtcDateTime;
        subscription.Queue.Post(new RecoveryNotice(kind, outage.LostAt, now, outage.Reason));
        if (kind != RecoveryKind.Recreated) return;
        var last = subscription.Remote.LastPublished;
        subscription.Queue.Post(new GapNotice(last == default ? outage.LostAt : last, now));
    }

    // Silent twice, or with items that may be there twice: not worth keeping.
    private async Task DropDoubtfulAsync(ClientSession session, CancellationToken cancellation)
    {
        foreach (var subscription in table.All)
        {
            var remote = subscription.Remote;
            if (!remote.IsAlive || (remote.Silences < 2 && !remote.IsUncertain)) continue;
            var id = remote.Id;
            acknowledgements.Forget(id);
            table.Unbind(subscription);
            try
            {
                await SubscriptionServices.DeleteAsync(session, id, cancellation);
            }
            catch (OpcUaException e) when (Loss.IsRefusal(e.Status))
            {
                // Not this session's, or not there: the server forgets it by itself.
            }
        }
    }

    private static async Task<bool[]> ProbeAsync(
        ClientSession session, ClientSubscription[] subscriptions, CancellationToken cancellation)
    {
        if (subscriptions.Length == 0) return [];
        try
        {
            var results = await SubscriptionServices.ProbeAsync(session, Ids(subscriptions), cancellation);
            return Array.ConvertAll(results, static r => r.IsGood);
        }
        catch (OpcUaException e) when (Loss.IsRefusal(e.Status))
        {
            return new bool[subscriptions.Length];
        }
    }

    private static async Task<bool[]> TransferAsync(
        ClientSession session, ClientSubscription[] subscriptions, CancellationToken cancellation)
    {
        if (subscriptions.Length == 0) return [];
        try
        {
            var results = await SubscriptionServices.TransferAsync(session, Ids(subscriptions), cancellation);
            for (var i = 0; i < results.Length; i++)
            {
                if (results[i].StatusCode.IsGood) subscriptions[i].Remote.Session = session.Secrets.SessionId;
            }

            return Array.ConvertAll(results, static r => r.StatusCode.IsGood);
        }
        catch (OpcUaException e) when (Loss.IsRefusal(e.Status))
        {
            return new bool[subscriptions.Length];
        }
    }

    private void Forget(ClientSubscription[] subscriptions, bool[] kept)
    {
        for (var i = 0; i < subscriptions.Length; i++)
        {
            if (kept[i]) continue;
            acknowledgements.Forget(subscriptions[i].Remote.Id);
            table.Unbind(subscriptions[i]);
        }
    }

    private ClientSubscription[] Alive(Predicate<ClientSubscription> which) =>
        Array.FindAll(table.All, s => s.Remote.IsAlive && which(s));

    private static uint[] Ids(ClientSubscription[] subscriptions) =>
        Array.ConvertAll(subscriptions, static s => s.Remote.Id);
}
