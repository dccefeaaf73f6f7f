using EdgeTwin.OpcUa.Types;

namespace EdgeTwin.OpcUa.Client;

/// <summary>The server's NamespaceArray: indices are the server's and change, URIs stay. Immutable.</summary>
public sealed class NamespaceTable
{
    /// <summary>The URI of namespace 0.</summary>
    public const string OpcUaUri = "http://opcfoundation.org/UA/";

    private readonly string[] uris;

    /// <param name="uris">URIs by index; null is an index without a name.</param>
    public NamespaceTable(IReadOnlyList<string?> uris)
    {
        ArgumentNullException.ThrowIfNull(uris);
        this.uris = uris.Count == 0 ? [OpcUaUri] : [.. uris.Select(static u => u ?? "")];
    }

    /// <summary>URIs by index.</summary>
    public IReadOnlyList<string> Uris => uris;

    /// <summary>Index of a URI; -1 when the server has no such namespace.</summary>
    public int IndexOf(string uri) => Array.IndexOf(uris, uri);

    /// <summary>The node id that the server understands today.</summary>
    /// <returns>False when the server does not have the namespace, or the node is another server's.</returns>
    public bool TryResolve(ExpandedNodeId node, out NodeId resolved)
    {
        resolved = node.NodeId;
        if (node.ServerIndex != 0) return false;
        if (node.NamespaceUri is null) return true;
        var index = IndexOf(node.NamespaceUri);
        if (index is < 0 or > ushort.MaxValue) return false;
        resolved = node.NodeId.WithNamespace((ushort)index);
        return true;
    }

    /// <summary>The same node by its namespace's URI, which outlives a restart of the server. Unchanged when the index
    /// has no name.</summary>
    public ExpandedNodeId Pin(ExpandedNodeId node)
    {
        var index = node.NodeId.NamespaceIndex;
        return node.NamespaceUri is null && index > 0 && index < uris.Length && uris[index].Length > 0
            ? node with { NamespaceUri = uris[index], NodeId = node.NodeId.WithNamespace(0) }
            : node;
    }

    internal bool SameAs(NamespaceTable other) => uris.AsSpan().SequenceEqual(other.uris);
}
