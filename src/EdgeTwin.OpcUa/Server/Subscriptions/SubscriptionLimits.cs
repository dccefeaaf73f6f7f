namespace EdgeTwin.OpcUa.Server.Subscriptions;

/// <summary>What subscriptions may take. What a client asks beyond is revised or refused, never granted
/// silently.</summary>
public sealed record SubscriptionLimits
{
    /// <summary>These limits, where the server publishes them with its own.</summary>
    public static SubscriptionLimits Of(ServerLimits limits)
    {
        ArgumentNullException.ThrowIfNull(limits);
        return new SubscriptionLimits
        {
            MinPublishingInterval = limits.MinPublishingInterval,
            MaxSubscriptionsPerSession = Most(limits.MaxSubscriptionsPerSession),
            MaxSubscriptions = Most(limits.MaxSubscriptions),
            MaxItemsPerSubscription = Most(limits.MaxMonitoredItemsPerSubscription),
            MaxItems = Most(limits.MaxMonitoredItems),
            MaxItemsPerCall = limits.MaxMonitoredItemsPerCall,
            MaxQueueSize = Most(limits.MaxMonitoredItemsQueueSize),
            MaxSelectClauses = Most(limits.MaxSelectClauseParameters),
            MaxWhereElements = Most(limits.MaxWhereClauseParameters),
        };

        // 0 is published as "no limit"; here it is as many as a number holds.
        static int Most(uint limit) => limit == 0 ? int.MaxValue : (int)Math.Min(limit, int.MaxValue);
    }

    /// <summary>Shortest publishing interval; default 10 ms.</summary>
    public TimeSpan MinPublishingInterval { get; init; } = TimeSpan.FromMilliseconds(10);

    /// <summary>Longest publishing interval; default 1 h.</summary>
    public TimeSpan MaxPublishingInterval { get; init; } = TimeSpan.FromHours(1);

    /// <summary>Longest life without a Publish request: publishing interval x lifetime count; default 1 h.</summary>
    public TimeSpan MaxLifetime { get; init; } = TimeSpan.FromHours(1);

    /// <summary>Most subscriptions of a session; default 100.</summary>
    public int MaxSubscriptionsPerSession { get; init; } = 100;

    /// <summary>Most subscriptions of the server; default 1,000.</summary>
    public int MaxSubscriptions { get; init; } = 1000;

    /// <summary>Most monitored items of a subscription; default 100,000.</summary>
    public int MaxItemsPerSubscription { get; init; } = 100_000;

    /// <summary>Most monitored items of the server; default 500,000.</summary>
    public int MaxItems { get; init; } = 500_000;

    /// <summary>Most operations of one call of a MonitoredItem or Subscription service; default 10,000.</summary>
    public uint MaxItemsPerCall { get; init; } = 10_000;

    /// <summary>Longest queue of an item; default 1,000.</summary>
    public int MaxQueueSize { get; init; } = 1000;

    /// <summary>Most places in the queues (longer than one) of all items together; default 1,000,000. When they are
    /// taken, new items get a queue of one.</summary>
    public int MaxQueuePlaces { get; init; } = 1_000_000;

    /// <summary>Most Publish requests that wait in a session; default 100.</summary>
    public int MaxPublishRequests { get; init; } = 100;

    /// <summary>Most notifications in one response, whatever the client allows; default 20,000.</summary>
    public int MaxNotificationsPerPublish { get; init; } = 20_000;

    /// <summary>Most bytes of notifications in one response, whatever the client allows; default 4 MiB.</summary>
    public int MaxNotificationBytes { get; init; } = 4 * 1024 * 1024;

    /// <summary>Most messages that a subscription keeps for Republish; default 200.</summary>
    public int MaxRetransmissionMessages { get; init; } = 200;

    /// <summary>Most bytes that a subscription keeps for Republish; default 8 MiB. The newest message is kept in any
    /// case.</summary>
    public int MaxRetransmissionBytes { get; init; } = 8 * 1024 * 1024;

    /// <summary>Most bytes that all subscriptions together keep for Republish; default 128 MiB.</summary>
    public long MaxRetransmissionBytesOfAll { get; init; } = 128L * 1024 * 1024;

    /// <summary>Most select clauses of an event filter; default 200.</summary>
    public int MaxSelectClauses { get; init; } = 200;

    /// <summary>Most elements of a where clause; default 100.</summary>
    public int MaxWhereElements { get; init; } = 100;

    /// <summary>Most items that one item triggers; default 10,000.</summary>
    public int MaxTriggeringLinks { get; init; } = 10_000;
}
