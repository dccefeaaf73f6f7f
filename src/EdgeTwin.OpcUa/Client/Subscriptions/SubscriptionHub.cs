using EdgeTwin.OpcUa.Client.Sessions;
using EdgeTwin.OpcUa.Encoding;
using EdgeTwin.OpcUa.Schema;
using EdgeTwin.OpcUa.Types;

namespace EdgeTwin.OpcUa.Client.Subscriptions;

/// <summary>Owns the subscriptions of a client: what callers want of them, whatever session there is. Changes are made
/// one at a time.</summary>
internal sealed class SubscriptionHub : IAsyncDisposable
{
    private readonly TimeProvider time;
    private readonly SubscriptionTable table = new();
    private readonly Acknowledgements acknowledgements = new();
    private readonly SemaphoreSlim gate = new(1, 1);
    private ClientSession? session;
    private Publishing? publishing;
    private uint lastHandle;

    public SubscriptionHub(TimeProvider time)
    {
        this.time = time;
        Restorer = new SubscriptionRestorer(table, acknowledgements, time);
    }

    public SubscriptionRestorer Restorer { get; }

    public IReadOnlyList<ClientSubscription> All => table.All;

    /// <summary>The first subscription that was silent for too long; null when none, or when it is a reader that keeps
    /// everything waiting.</summary>
    public ClientSubscription? FindSilent()
    {
        if (publishing is not { IsStalled: false }) return null;
        foreach (var subscription in table.All)
        {
            var remote = subscription.Remote;
            if (remote.IsAlive && time.GetElapsedTime(remote.LastHeard) > remote.LongestSilence) return subscription;
        }

        return null;
    }

    /// <summary>Gives readers what they are owed.</summary>
    public void Flush()
    {
        foreach (var subscription in table.All) subscription.Queue.Flush();
    }

    /// <summary>Makes the subscriptions work on a session, and publishes from then on.</summary>
    public async Task StartAsync(ClientSession next, Outage outage, CancellationToken cancellation)
    {
        await gate.WaitAsync(cancellation);
        try
        {
            await Restorer.RestoreAsync(next, outage, cancellation);
            session = next;
            Publish(next);
        }
        finally
        {
            gate.Release();
        }
    }

    /// <summary>Leaves a session that is gone.</summary>
    public async Task StopAsync()
    {
        await gate.WaitAsync();
        try
        {
            session = null;
            if (publishing is { } old) await old.DisposeAsync();
            publishing = null;
        }
        finally
        {
            gate.Release();
        }
    }

    /// <summary>Tries again what the server refused.</summary>
    public async Task RetryAsync(CancellationToken cancellation)
    {
        await gate.WaitAsync(cancellation);
        try
        {
            if (session is not { } current) return;
            await Restorer.RetryAsync(current, cancellation);
            Publish(current);
        }
        finally
        {
            gate.Release();
        }
    }

    public async Task<ClientSubscription> CreateAsync(SubscriptionOptions options, CancellationToken cancellation)
    {
        options.Validate();
        await gate.WaitAsync(cancellation);
        try
        {
            var current = session ?? throw new OpcUaException(StatusCodes.BadNotConnected, "there is no session");
            var subscription = new ClientSubscription(this, options);
            await SubscriptionServices.CreateAsync(current, subscription, time, cancellation);
            table.Add(subscription);
            table.Bind(subscription);
            Publish(current);
            return subscription;
        }
        finally
        {
            gate.Release();
        }
    }

    public async Task<IReadOnlyList<ClientItem>> AddItemsAsync(ClientSubscription subscription,
        IReadOnlyList<ItemOptions> options, CancellationToken cancellation)
    {
        await gate.WaitAsync(cancellation);
        try
        {
            var namespaces = session?.Namespaces ?? Restorer.LastNamespaces;
            var items = new ClientItem[options.Count];
            for (var i = 0; i < items.Length; i++)
            {
                items[i] = new ClientItem(options[i], ++lastHandle, namespaces);
                subscription.ByHandle[items[i].Handle] = items[i];
            }

            if (session is { } current && subscription.Remote.IsAlive)
                await SubscriptionServices.MonitorAsync(current, subscription, items, cancellation);
            return items;
        }
        finally
        {
            gate.Release();
        }
    }

    public async Task RemoveItemsAsync(
        ClientSubscription subscription, IReadOnlyList<ClientItem> items, CancellationToken cancellation)
    {
        await gate.WaitAsync(cancellation);
        try
        {
            var ids = new List<uint>(items.Count);
            foreach (var item in items)
            {
                if (subscription.ByHandle.TryRemove(item.Handle, out _) && item.IsMonitored) ids.Add(item.ServerId);
                item.Refuse(StatusCodes.BadMonitoredItemIdInvalid);
                foreach (var other in subscription.ByHandle.Values) other.Links.Remove(item);
            }

            if (ids.Count > 0 && session is { } current && subscription.Remote.IsAlive)
            {
                await SubscriptionServices.UnmonitorAsync(
                    current, subscription.Remote.Id, [.. ids], cancellation);
            }
        }
        finally
        {
            gate.Release();
        }
    }

    public async Task<StatusCode[]> ModifyItemsAsync(ClientSubscription subscription,
        (ClientItem Item, ItemOptions Options)[] changes, CancellationToken cancellation)
    {
        await gate.WaitAsync(cancellation);
        try
        {
            var current = Require(subscription);
            var results = new StatusCode[changes.Length];
            var asked = new List<int>(changes.Length);
            for (var i = 0; i < changes.Length; i++)
            {
                if (changes[i].Item.IsMonitored) asked.Add(i);
                else changes[i].Item.Options = changes[i].Options;
            }

            var answers = await ItemChanges.ModifyAsync(
                current, subscription, [.. asked.Select(i => changes[i])], cancellation);
            for (var i = 0; i < answers.Length; i++) results[asked[i]] = answers[i];
            return results;
        }
        finally
        {
            gate.Release();
        }
    }

    public async Task<StatusCode[]> LinkAsync(ClientSubscription subscription, ClientItem trigger, ClientItem[] items,
        bool add, CancellationToken cancellation)
    {
        await gate.WaitAsync(cancellation);
        try
        {
            var current = Require(subscription);
            var results = new StatusCode[items.Length];
            var there = trigger.IsMonitored ? Array.FindAll(items, static i => i.IsMonitored) : [];
            if (there.Length > 0)
            {
                var (added, removed) = await ItemChanges.LinkAsync(
                    current, subscription, trigger, add ? there : [], add ? [] : there, cancellation);
                var answers = add ? added : removed;
                for (var i = 0; i < there.Length; i++) results[Array.IndexOf(items, there[i])] = answers[i];
            }

            // What the server does not monitor at present is linked when it does.
            for (var i = 0; i < items.Length; i++)
            {
                if (!add) trigger.Links.Remove(items[i]);
                else if (!results[i].IsBad) trigger.Links.Add(items[i]);
            }

            return results;
        }
        finally
        {
            gate.Release();
        }
    }

    public async Task RetryRefusedAsync(ClientSubscription subscription, CancellationToken cancellation)
    {
        await gate.WaitAsync(cancellation);
        try
        {
            if (session is { } current && subscription.Remote.IsAlive)
                await Restorer.MonitorMissingAsync(current, subscription, cancellation);
        }
        finally
        {
            gate.Release();
        }
    }

    public async Task RemoveAsync(ClientSubscription subscription)
    {
        await gate.WaitAsync();
        try
        {
            var id = subscription.Remote.Id;
            table.Remove(subscription);
            acknowledgements.Forget(id);
            if (id != 0 && session is { } current)
                await SubscriptionServices.DeleteAsync(current, id, CancellationToken.None);
        }
        catch (OpcUaException)
        {
            // The server forgets it at the end of its lifetime.
        }
        finally
        {
            gate.Release();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        foreach (var subscription in table.All) subscription.Queue.Complete();
        gate.Dispose();
    }

    private ClientSession Require(ClientSubscription subscription) =>
        session is { } current && subscription.Remote.IsAlive
            ? current
            : throw new OpcUaException(StatusCodes.BadNotConnected, "there is no session with this subscription");

    private void Publish(ClientSession current)
    {
        if (publishing is null && table.All.Length > 0)
            publishing = new Publishing(current, table, acknowledgements, time);
        publishing?.KeepOutstanding(table.All.Length);
    }
}
