using EdgeTwin.OpcUa.Types;

namespace EdgeTwin.Sources.OpcUa;

/// <summary>A tag and the node that it is read from.</summary>
internal sealed class OpcUaTarget(SourceTag tag, OpcUaAddress address)
{
    public SourceTag Tag { get; } = tag;

    public OpcUaAddress Address { get; } = address;

    /// <summary>The node by its namespace's uri; null while a browse path leads nowhere.</summary>
    public ExpandedNodeId? Node { get; set; } = address.Path is null
        ? new ExpandedNodeId(address.Identifier, address.NamespaceUri) : null;

    /// <summary>Why there is no node.</summary>
    public EdgeTwin.Tags.StatusCode Missing { get; set; } = EdgeTwin.Tags.StatusCode.BadNodeIdUnknown;

    /// <summary>Data type on the server; Null until it is known.</summary>
    public BuiltInType ServerType { get; set; }

    /// <summary>Whether a value came since the connection was last taken up.</summary>
    public bool WasHeard { get; set; }
}
