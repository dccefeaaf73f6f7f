using EdgeTwin.OpcUa.Schema;

namespace EdgeTwin.OpcUa.Client.Subscriptions;

/// <summary>How a subscription publishes. The server may revise the intervals and counts.</summary>
public sealed record SubscriptionOptions
{
    /// <summary>Time between two publishing cycles; default 500 ms.</summary>
    public TimeSpan PublishingInterval { get; init; } = TimeSpan.FromMilliseconds(500);

    /// <summary>Longest silence: after it the server sends a keep-alive; default 5 s.</summary>
    public TimeSpan KeepAlive { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How long the server keeps the subscription, with all that queues up, while the client is away; default
    /// 10 min.</summary>
    public TimeSpan Lifetime { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>Most values and events of one notification message; 0, the default, leaves it to the server.</summary>
    public uint MaxNotificationsPerPublish { get; init; }

    /// <summary>Subscriptions of a higher priority publish first, 0-255; default 0.</summary>
    public byte Priority { get; init; }

    /// <summary>Timestamps of values; default both.</summary>
    public TimestampsToReturn Timestamps { get; init; } = TimestampsToReturn.Both;

    /// <summary>Most notices that wait to be read, 1 and up; default 256. A notice may hold thousands of
    /// values.</summary>
    public int Capacity { get; init; } = 256;

    /// <summary>What happens when <see cref="Capacity"/> is reached; default
    /// <see cref="NoticeFullMode.Wait"/>.</summary>
    public NoticeFullMode WhenFull { get; init; } = NoticeFullMode.Wait;

    internal void Validate()
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(PublishingInterval, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(KeepAlive, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfLessThan(Lifetime, KeepAlive * 3, nameof(Lifetime));
        ArgumentOutOfRangeException.ThrowIfLessThan(Capacity, 1);
    }
}
