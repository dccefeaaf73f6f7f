using EdgeTwin.OpcUa.Schema;
using EdgeTwin.OpcUa.Types;

namespace EdgeTwin.OpcUa.Client.Subscriptions;

/// <summary>What is known of a subscription on the server.</summary>
internal sealed class RemoteSubscription
{
    // A keep-alive may be late by the load of either side; half as long again is still alive.
    private const double Patience = 1.5;

    // Below a second, jitter of the network would be taken for death.
    private static readonly TimeSpan LeastPatience = TimeSpan.FromSeconds(2);

    public uint Id { get; private set; }

    /// <summary>The session that it belongs to.</summary>
    public NodeId Session { get; set; }

    public bool IsAlive => Id != 0;

    public TimeSpan PublishingInterval { get; private set; }

    public uint KeepAliveCount { get; private set; }

    /// <summary>Messages in order; a new one for each life on the server.</summary>
    public SequenceBuffer Sequence { get; private set; } = new();

    /// <summary>Monotonic time of the last sign of life.</summary>
    public long LastHeard { get; set; }

    /// <summary>Publish time of the last message that was given out, by the server's clock; default when
    /// none.</summary>
    public DateTime LastPublished { get; set; }

    /// <summary>Silences in a row that the subscription survived; a second one makes it anew.</summary>
    public int Silences { get; set; }

    /// <summary>Whether a request that creates items was sent and not answered: some may be there twice if they are
    /// created again.</summary>
    public bool IsUncertain { get; set; }

    /// <summary>Longest silence that is no reason to worry.</summary>
    public TimeSpan LongestSilence
    {
        get
        {
            var keepAlive = PublishingInterval * KeepAliveCount * Patience;
            return keepAlive > LeastPatience ? keepAlive : LeastPatience;
        }
    }

    /// <summary>Requests the counts that make the wanted times from the wanted interval.</summary>
    public static CreateSubscriptionRequest Request(SubscriptionOptions options, RequestHeader header)
    {
        var interval = Math.Max(options.PublishingInterval.TotalMilliseconds, 1);
        var keepAlive = (uint)Math.Clamp(Math.Ceiling(options.KeepAlive.TotalMilliseconds / interval), 1, 1e6);
        var lifetime = (uint)Math.Clamp(Math.Ceiling(options.Lifetime.TotalMilliseconds / interval), 3, 1e8);
        return new CreateSubscriptionRequest
        {
            RequestHeader = header,
            RequestedPublishingInterval = options.PublishingInterval.TotalMilliseconds,
            RequestedMaxKeepAliveCount = keepAlive,
            RequestedLifetimeCount = Math.Max(lifetime, keepAlive * 3), // OPC 10000-4 §5.14.2.2
            MaxNotificationsPerPublish = options.MaxNotificationsPerPublish,
            PublishingEnabled = true,
            Priority = options.Priority,
        };
    }

    public void Take(CreateSubscriptionResponse response, NodeId session, long now)
    {
        Id = response.SubscriptionId;
        Session = session;
        PublishingInterval = TimeSpan.FromMilliseconds(Math.Clamp(response.RevisedPublishingInterval, 1, 1e9));
        KeepAliveCount = Math.Clamp(response.RevisedMaxKeepAliveCount, 1, 1_000_000);
        Sequence = new SequenceBuffer();
        LastHeard = now;
        Silences = 0;
        IsUncertain = false;
    }

    public void Forget() => Id = 0;
}
