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

    /// <summary>Changes items while they are monitored: sampling, queue, filter, mode.</summary>
    /// <param name="items">Items of this subscription.</param>
    /// <param name="change">What becomes of the options of each; node, attribute, index range and tag stay.</param>
    /// <param name="cancellation">Ends the wait.</param>
    /// <returns>Good, or why not, for each. What the server took is kept through reconnects; an item that it does not
    /// monitor at present takes the change with the next attempt.</returns>
    /// <exception cref="ArgumentException">The change is one of node, attribute, index range or tag, or an item is of
    /// another subscription.</exception>
    /// <exception cref="Encoding.OpcUaException">There is no connection, or the request failed as a whole: make it
    /// again.</exception>
    public Task<StatusCode[]> ModifyAsync(IReadOnlyList<ClientItem> items, Func<ItemOptions, ItemOptions> change,
        CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(items);
        ArgumentNullException.ThrowIfNull(change);
        RequireOwn(items);
        var changes = new (ClientItem Item, ItemOptions Options)[items.Count];
        for (var i = 0; i < changes.Length; i++)
        {
            var (old, next) = (items[i].Options, change(items[i].Options));
            if (next.Node != old.Node || next.AttributeId != old.AttributeId || next.IndexRange != old.IndexRange
                || next.Tag != old.Tag)
                throw new ArgumentException("what is monitored cannot be changed; add another item", nameof(change));
            changes[i] = (items[i], next);
        }

        return hub.ModifyItemsAsync(this, changes, cancellation);
    }

    /// <summary>Lets items report whenever another one does, most usefully items that only sample. The links are kept
    /// through reconnects.</summary>
    /// <param name="trigger">The item that triggers.</param>
    /// <param name="items">The items that report with it from now on.</param>
    /// <param name="cancellation">Ends the wait.</param>
    /// <returns>Good, or why not, for each.</returns>
    /// <exception cref="ArgumentException">An item is of another subscription.</exception>
    /// <exception cref="Encoding.OpcUaException">There is no connection, or the server refuses.</exception>
    public Task<StatusCode[]> TriggerAsync(
        ClientItem trigger, IReadOnlyList<ClientItem> items, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(items);
        RequireOwn([trigger, .. items]);
        return hub.LinkAsync(this, trigger, [.. items], add: true, cancellation);
    }

    /// <summary>Takes links away.</summary>
    /// <inheritdoc cref="TriggerAsync"/>
    public Task<StatusCode[]> UntriggerAsync(
        ClientItem trigger, IReadOnlyList<ClientItem> items, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(items);
        RequireOwn([trigger, .. items]);
        return hub.LinkAsync(this, trigger, [.. items], add: false, cancellation);
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

    private void RequireOwn(IReadOnlyList<ClientItem> items)
    {
        foreach (var item in items)
        {
            if (item is null || ByHandle.GetValueOrDefault(item.Handle) != item)
                throw new ArgumentException("an item is of another subscription, or was removed", nameof(items));
        }
    }
}
