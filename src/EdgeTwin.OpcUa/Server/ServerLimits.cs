namespace EdgeTwin.OpcUa.Server;

/// <summary>What the server takes at a time; published in ServerCapabilities and kept by the services
/// (OPC 10000-5 §6.3.2 and §6.3.11).</summary>
public sealed record ServerLimits
{
    /// <summary>Most nodes of one Read; default 10,000.</summary>
    public uint MaxNodesPerRead { get; init; } = 10_000;

    /// <summary>Most nodes of one Write; default 10,000.</summary>
    public uint MaxNodesPerWrite { get; init; } = 10_000;

    /// <summary>Most nodes of one HistoryRead of data or of events; default 1,000.</summary>
    public uint MaxNodesPerHistoryRead { get; init; } = 1_000;

    /// <summary>Most nodes of one HistoryUpdate; default 1,000.</summary>
    public uint MaxNodesPerHistoryUpdate { get; init; } = 1_000;

    /// <summary>Most methods of one Call; default 1,000.</summary>
    public uint MaxNodesPerMethodCall { get; init; } = 1_000;

    /// <summary>Most nodes of one Browse, and continuation points of one BrowseNext; default 10,000.</summary>
    public uint MaxNodesPerBrowse { get; init; } = 10_000;

    /// <summary>Most nodes of one RegisterNodes or UnregisterNodes; default 10,000.</summary>
    public uint MaxNodesPerRegisterNodes { get; init; } = 10_000;

    /// <summary>Most paths of one TranslateBrowsePathsToNodeIds; default 10,000.</summary>
    public uint MaxNodesPerTranslateBrowsePathsToNodeIds { get; init; } = 10_000;

    /// <summary>Most items of one call of a monitored-item service; default 10,000.</summary>
    public uint MaxMonitoredItemsPerCall { get; init; } = 10_000;

    /// <summary>Most Browse continuation points of a session; default 100.</summary>
    public ushort MaxBrowseContinuationPoints { get; init; } = 100;

    /// <summary>Most HistoryRead continuation points of a session; default 100.</summary>
    public ushort MaxHistoryContinuationPoints { get; init; } = 100;

    /// <summary>Most elements of one browse path; default 100.</summary>
    public int MaxBrowsePathElements { get; init; } = 100;

    /// <summary>Most targets of one browse path; default 1,000.</summary>
    public int MaxBrowsePathTargets { get; init; } = 1_000;

    /// <summary>Most elements of an array; default 1,000,000.</summary>
    public uint MaxArrayLength { get; init; } = 1_000_000;

    /// <summary>Most bytes of a String; default 4 MiB.</summary>
    public uint MaxStringLength { get; init; } = 4 * 1024 * 1024;

    /// <summary>Most bytes of a ByteString; default 16 MiB.</summary>
    public uint MaxByteStringLength { get; init; } = 16 * 1024 * 1024;

    /// <summary>Most sessions; default 200.</summary>
    public uint MaxSessions { get; init; } = 200;

    /// <summary>Most subscriptions of the server; default 1,000.</summary>
    public uint MaxSubscriptions { get; init; } = 1_000;

    /// <summary>Most subscriptions of a session; default 100.</summary>
    public uint MaxSubscriptionsPerSession { get; init; } = 100;

    /// <summary>Most monitored items of the server; default 500,000.</summary>
    public uint MaxMonitoredItems { get; init; } = 500_000;

    /// <summary>Most monitored items of a subscription; default 100,000.</summary>
    public uint MaxMonitoredItemsPerSubscription { get; init; } = 100_000;

    /// <summary>Longest queue of a monitored item; default 10,000.</summary>
    public uint MaxMonitoredItemsQueueSize { get; init; } = 10_000;

    /// <summary>Most select clauses of an event filter; default 200.</summary>
    public uint MaxSelectClauseParameters { get; init; } = 200;

    /// <summary>Most elements of a where clause; default 100.</summary>
    public uint MaxWhereClauseParameters { get; init; } = 100;

    /// <summary>Shortest publishing interval that a subscription gets, above zero; default 10 ms. It is not published;
    /// a client that asks for less is told what it got (OPC 10000-4 §5.14.2).</summary>
    public TimeSpan MinPublishingInterval { get; init; } = TimeSpan.FromMilliseconds(10);

    /// <summary>Fastest sampling that the server supports, ms; 0 (the default) for values that are pushed as they
    /// change.</summary>
    public double MinSupportedSampleRate { get; init; }
}
