using System.Globalization;

namespace EdgeTwin.OpcUa.Types;

/// <summary>A node id that may name its namespace by URI and its server by index (OPC 10000-6 §5.2.2.10).</summary>
/// <param name="NodeId">The node; its namespace index counts only when <paramref name="NamespaceUri"/> is null.</param>
/// <param name="NamespaceUri">The namespace by name; null when the index says it.</param>
/// <param name="ServerIndex">Index into the ServerArray; 0 is this server.</param>
public readonly record struct ExpandedNodeId(NodeId NodeId, string? NamespaceUri = null, uint ServerIndex = 0)
{
    /// <summary>True when it points to no node.</summary>
    public bool IsNull => NodeId.IsNull && NamespaceUri is null;

    /// <summary>True when the node is of this server and named by index.</summary>
    public bool IsLocal => ServerIndex == 0 && NamespaceUri is null;

    /// <summary>The same, as that type.</summary>
    public static implicit operator ExpandedNodeId(NodeId nodeId) => new(nodeId);

    /// <summary>The same, as that type.</summary>
    public static implicit operator ExpandedNodeId(uint number) => new(new NodeId(0, number));

    /// <summary>The notation of OPC 10000-6 §5.3.1.11: <c>svr=1;nsu=http://…;s=name</c>.</summary>
    public override string ToString()
    {
        var server = ServerIndex == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $"svr={ServerIndex};");
        return NamespaceUri is null ? $"{server}{NodeId}" : $"{server}nsu={NamespaceUri};{NodeId.WithNamespace(0)}";
    }
}
