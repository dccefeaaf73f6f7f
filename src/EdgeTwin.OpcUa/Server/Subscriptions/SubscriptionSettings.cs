namespace EdgeTwin.OpcUa.Server.Subscriptions;

/// <summary>What a client may choose about a subscription, revised (OPC 10000-4 §5.14.2).</summary>
internal readonly record struct SubscriptionSettings
{
    public required TimeSpan PublishingInterval { get; init; }

    public required uint LifetimeCount { get; init; }

    public required uint KeepAliveCount { get; init; }

    public required uint MaxNotificationsPerPublish { get; init; }

    public required byte Priority { get; init; }

    /// <summary>The nearest that the limits allow. A lifetime of at least three keep-alives always fits
    /// (§5.14.2.2).</summary>
    public static SubscriptionSettings Revise(SubscriptionLimits limits, double publishingInterval, uint lifetimeCount,
        uint keepAliveCount, uint maxNotificationsPerPublish, byte priority)
    {
        // NaN compares false with everything: it gets the minimum, as 0 and negative numbers do.
        var least = limits.MinPublishingInterval.TotalMilliseconds;
        var most = limits.MaxPublishingInterval.TotalMilliseconds;
        var interval = publishingInterval > least ? Math.Min(publishingInterval, most) : least;
        var mostCount = (uint)Math.Clamp(limits.MaxLifetime.TotalMilliseconds / interval, 3, uint.MaxValue);
        var keepAlive = Math.Clamp(keepAliveCount, 1, mostCount / 3);
        return new SubscriptionSettings
        {
            PublishingInterval = TimeSpan.FromMilliseconds(interval),
            KeepAliveCount = keepAlive,
            LifetimeCount = Math.Clamp(lifetimeCount, keepAlive * 3, mostCount),
            MaxNotificationsPerPublish = maxNotificationsPerPublish,
            Priority = priority,
        };
    }
}
