namespace EdgeTwin.OpcUa.Client.Subscriptions;

/// <summary>What happens when a subscription's notices are not read as fast as they come.</summary>
public enum NoticeFullMode
{
    /// <summary>Nothing more is taken from the server, for any subscription of this client, until there is room. The
    /// server's own queues fill and mark what they drop (the Overflow bit).</summary>
    Wait,

    /// <summary>The oldest notice is dropped and counted.</summary>
    DropOldest,
}
