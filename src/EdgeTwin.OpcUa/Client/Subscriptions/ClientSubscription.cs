using System.Collections.Concurrent;
using System.Threading.Channels;
using EdgeTwin.OpcUa.Types;

namespace EdgeTwin.OpcUa.Client.Subscriptions;

/// <summary>
/// A subscription that survives its server: after a lost connection, session or server it is resumed, transferred or
/// made anew with all its items, and says so among its notices. A node that the server refuses disturbs no other.
/// </summary>
public sealed class ClientSubscription : IAsyncDisposable
{
    private readonly SubscriptionHub hub;
    private readonly NoticeQueue notices;

    internal ClientSubscription(SubscriptionHub hub, SubscriptionOptions options)
    {
        this.hub = hub;
        Options = options;
        notices = new NoticeQueue(options.Capacity, options.WhenFull);
        Remote = new RemoteSubscription();
    }

    /// <summary>What was asked for.</summary>
    public SubscriptionOptions Options { get; }

    /// <summary>Everything that happens, in order, for one reader. Ends with the subscription.</summary>
    public ChannelReader<SubscriptionNotice> Notices => notices.Reader;

    /// <summary>Notices that were dropped because nobody read them in time.</summary>
    public long DroppedNotices => notices.Dropped;

    /// <summary>Id on the server; 0 while it has none. Changes when the subscription is made anew.</summary>
    public uint ServerId => Remote.Id;

    /// <summary>The items, in no order.</summary>
    public IReadOnlyCollection<ClientItem> Items => [.. ByHandle.Values];

    /// <summary>Time between two publishing cycles as the server revised it.</summary>
    public TimeSpan RevisedPublishingInterval => Remote.PublishingInterval;

    internal RemoteSubscription Remote { get; }

    internal NoticeQueue Queue => notices;

    /// <summary>Items by client handle; changed by the hub only.</summary>
    internal ConcurrentDictionary<uint, ClientItem> ByHandle { get; } = new();

    /// <summary>Adds items and monitors them, at once or when the connection is back.</summary>
    /// <returns>The items; those that the server refused have the reason as their status and are tried again
    /// slowly.</returns>
    /// <exception cref="Encoding.OpcUaException">The request failed as a whole; the items are kept, and monitored when
    /// the connection is back.</exception>
    public Task<IReadOnlyList<ClientItem>> AddAsync(
        IReadOnlyList<ItemOptions> items, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(items);
        return hub.AddItemsAsync(this, items, cancellation);
    }

    /// <summary>Monitors items no longer.</summary>
    public Task RemoveAsync(IReadOnlyList<ClientItem> items, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(items);
        return hub.RemoveItemsAsync(this, items, cancellation);
    }

    /// <summary>Tries refused items again now, without waiting for the next slow attempt.</summary>
    public Task RetryRefusedAsync(CancellationToken cancellation = default) =>
        hub.RetryRefusedAsync(this, cancellation);

    /// <summary>Ends the subscription, on the server too when it can be reached.</summary>
    public async ValueTask DisposeAsync()
    {
        await hub.RemoveAsync(this);
        notices.Complete();
    }

    /// <summary>Tells the reader that items have no value for now, and why.</summary>
    internal void TellRefused(IReadOnlyList<ClientItem> refused, DateTime now)
    {
        if (refused.Count == 0) return;
        var changes = new DataChange[refused.Count];
        for (var i = 0; i < changes.Length; i++)
        {
            changes[i] = new DataChange(
                refused[i], new DataValue(Variant.Null, refused[i].Status, serverTimestamp: now));
        }

        notices.Post(new DataChangeNotice(now, changes));
    }
}
