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

    /// <summary>What was asked for, as of the last change that the server took.</summary>
    public ItemOptions Options { get; internal set; }

    /// <summary>The node, by namespace URI where it has one.</summary>
    public ExpandedNodeId Node { get; }

    /// <summary>The items that report whenever this one does.</summary>
    public IReadOnlyList<ClientItem> Triggered => Links.Items;

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

    internal TriggeringLinks Links { get; } = new();

    internal bool IsMonitored => Status.IsGood && ServerId != 0;

    /// <summary>Nothing is known on the server any more.</summary>
    internal void Forget()
    {
        ServerId = 0;
        Status = StatusCodes.BadWaitingForInitialData;
        Links.Forget();
    }

    internal void Refuse(StatusCode status)
    {
        ServerId = 0;
        Status = status;
        Links.Forget();
    }

    internal void Take(MonitoredItemCreateResult result)
    {
        if (result.StatusCode.IsBad)
        {
            Refuse(result.StatusCode);
            return;
        }

        ServerId = result.MonitoredItemId;
        Revise(result.RevisedSamplingInterval, result.RevisedQueueSize);
        Status = default;
    }

    /// <summary>The server took a change of everything but the mode.</summary>
    internal void Take(MonitoredItemModifyResult result, ItemOptions options)
    {
        Options = options with { Mode = Options.Mode };
        Revise(result.RevisedSamplingInterval, result.RevisedQueueSize);
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
        RequestedParameters = Parameters(Options),
    };

    internal MonitoringParameters Parameters(ItemOptions options) => new()
    {
        ClientHandle = Handle,
        SamplingInterval = options.SamplingInterval?.TotalMilliseconds ?? -1,
        Filter = options.Filter is null ? null : new ExtensionObject(options.Filter),
        QueueSize = options.QueueSize,
        DiscardOldest = options.DiscardOldest,
    };

    private void Revise(double samplingInterval, uint queueSize)
    {
        RevisedSamplingInterval = TimeSpan.FromMilliseconds(Math.Clamp(samplingInterval, 0, 1e9));
        RevisedQueueSize = queueSize;
    }
}
