using System.Threading.Channels;
using EdgeTwin.OpcUa.Client.Subscriptions;

namespace EdgeTwin.Sources.OpcUa;

/// <summary>The subscription of a source: one monitored item for each tag that has a node.</summary>
internal sealed class OpcUaItems(SourceContext context, OpcUaLink link) : IAsyncDisposable
{
    /// <summary>How long the server keeps the subscription while the connection is away.</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(10);

    private readonly OpcUaSourceConfig config = (OpcUaSourceConfig)context.Config;
    private readonly Dictionary<OpcUaTarget, ClientItem> monitored = [];
    private readonly HashSet<OpcUaTarget> saidOverflow = [];
    private ClientSubscription? subscription;

    /// <summary>Tags whose node the server refused when it was last asked for them, and why; forgotten when
    /// taken.</summary>
    public List<(OpcUaTarget Target, EdgeTwin.Tags.StatusCode Why)> Refused { get; } = [];

    public ChannelReader<SubscriptionNotice> Notices =>
        subscription?.Notices ?? throw new InvalidOperationException("not subscribed");

    public async Task SubscribeAsync(CancellationToken cancellation)
    {
        subscription = await link.Client.SubscribeAsync(
            new SubscriptionOptions
            {
                PublishingInterval = config.Publishing,
                KeepAlive = config.KeepAlive,
                Lifetime = Lifetime,
            }, cancellation);
        await AddAsync(link.Targets.Where(target => target.Node is not null).ToList(), cancellation);
    }

    /// <summary>Follows browse paths anew and monitors the nodes where they lead now.</summary>
    /// <returns>Whether any leads elsewhere.</returns>
    public async Task<bool> FollowAsync(CancellationToken cancellation)
    {
        var moved = await link.FindNodesAsync(cancellation);
        if (moved.Count == 0) return false;
        var old = moved.Where(monitored.ContainsKey).Select(target => monitored[target]).ToList();
        foreach (var target in moved) monitored.Remove(target);
        if (old.Count > 0) await subscription!.RemoveAsync(old, cancellation);
        await AddAsync(moved.Where(target => target.Node is not null).ToList(), cancellation);
        return true;
    }

    /// <summary>Says once for each tag that the server dropped values.</summary>
    public void SayOverflow(OpcUaTarget target)
    {
        if (saidOverflow.Add(target))
            OpcUaSourceLog.Overflow(context.Logger, context.Name, target.Tag.Definition.Name);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref subscription, null) is { } ending) await ending.DisposeAsync();
    }

    private async Task AddAsync(List<OpcUaTarget> targets, CancellationToken cancellation)
    {
        if (targets.Count == 0) return;
        var added = await subscription!.AddAsync(
            [
                .. targets.Select(target => new ItemOptions
                {
                    Node = target.Node!.Value,
                    SamplingInterval = config.Sampling,
                    QueueSize = (uint)config.QueueSize,
                    Tag = target,
                }),
            ], cancellation);
        foreach (var item in added)
        {
            var target = (OpcUaTarget)item.Tag!;
            monitored[target] = item;
            if (item.Status.IsBad) Refused.Add((target, new EdgeTwin.Tags.StatusCode(item.Status.Value)));
        }
    }
}
