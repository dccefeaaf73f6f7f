using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;

namespace EdgeTwin.OpcUa.Client.Subscriptions;

/// <summary>All subscriptions of a client, and which id each has on the server today.</summary>
internal sealed class SubscriptionTable
{
    private readonly ConcurrentDictionary<uint, ClientSubscription> byServerId = new();
    private readonly Lock gate = new();
    private ClientSubscription[] all = [];

    public ClientSubscription[] All => Volatile.Read(ref all);

    public bool TryFind(uint serverId, [NotNullWhen(true)] out ClientSubscription? subscription) =>
        byServerId.TryGetValue(serverId, out subscription);

    public void Add(ClientSubscription subscription)
    {
        lock (gate) Volatile.Write(ref all, [.. all, subscription]);
    }

    public void Remove(ClientSubscription subscription)
    {
        Unbind(subscription);
        lock (gate) Volatile.Write(ref all, Array.FindAll(all, s => s != subscription));
    }

    /// <summary>The subscription has this life on the server from now on.</summary>
    public void Bind(ClientSubscription subscription) => byServerId[subscription.Remote.Id] = subscription;

    /// <summary>The subscription has no life on the server.</summary>
    public void Unbind(ClientSubscription subscription)
    {
        byServerId.TryRemove(subscription.Remote.Id, out _);
        subscription.Remote.Forget();
    }
}
