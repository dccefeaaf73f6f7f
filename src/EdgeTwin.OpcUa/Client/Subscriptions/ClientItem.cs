using EdgeTwin.OpcUa.Schema;
using EdgeTwin.OpcUa.Types;

namespace EdgeTwin.OpcUa.Client.Subscriptions;

/// <summary>A monitored item, which outlives sessions and subscriptions on the server.</summary>
public sealed class ClientItem
{
    internal ClientItem(ItemOptions options, uint handle, NamespaceTable namespaces)
    {
        Options = options;
        Handle = handle;
        Node = namespaces.Pin(options.Node);
    }

    /// <summary>What was asked for.</summary>
    public ItemOptions Options { get; }

    /// <summary>The node, by namespace URI where it has one.</summary>
    public ExpandedNodeId Node { get; }

    /// <summary>Anything of the caller's.</summary>
    public object? Tag => Options.Tag;

    /// <summary>Good while the server monitors it; else why not. What the server refuses is tried again
    /// slowly.</summary>
    public StatusCode Status { get; private set; } = StatusCodes.BadWaitingForInitialData;

    /// <summary>How often the server looks.</summary>
    public TimeSpan RevisedSamplingInterval { get; private set; }

    /// <summary>Values that the server keeps.</summary>
    public uint RevisedQueueSize { get; private set; }

    internal uint Handle { get; }

    internal uint ServerId { get; private set; }

    internal bool IsMonitored => Status.IsGood && ServerId != 0;

    /// <summary>Nothing is known on the server any more.</summary>
    internal void Forget()
    {
        ServerId = 0;
        Status = StatusCodes.BadWaitingForInitialData;
    }

    internal void Refuse(StatusCode status)
    {
        ServerId = 0;
        Status = status;
    }

    internal void Take(MonitoredItemCreateResult result)
    {
        if (result.StatusCode.IsBad)
        {
            Refuse(result.StatusCode);
            return;
        }

        ServerId = result.MonitoredItemId;
        RevisedSamplingInterval = TimeSpan.FromMilliseconds(Math.Clamp(result.RevisedSamplingInterval, 0, 1e9));
        RevisedQueueSize = result.RevisedQueueSize;
        Status = default;
    }

    internal MonitoredItemCreateRequest Request(NodeId node) => new()
    {
        ItemToMonitor = new ReadValueId
        {
            NodeId = node,
            AttributeId = Options.AttributeId,
            IndexRange = Options.IndexRange,
        },
        MonitoringMode = Options.Mode,
        RequestedParameters = new MonitoringParameters
        {
            ClientHandle = Handle,
            SamplingInterval = Options.SamplingInterval?.TotalMilliseconds ?? -1,
            Filter = Options.Filter is null ? null : new ExtensionObject(Options.Filter),
            QueueSize = Options.QueueSize,
            DiscardOldest = Options.DiscardOldest,
        },
    };
}
