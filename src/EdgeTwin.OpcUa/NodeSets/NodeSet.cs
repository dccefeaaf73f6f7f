namespace EdgeTwin.OpcUa.NodeSets;

/// <summary>The nodes of a published information model, with namespace indexes as the reader's caller gave
/// them.</summary>
public sealed class NodeSet
{
    /// <summary>The models that the nodeset defines; usually one.</summary>
    public required IReadOnlyList<NodeSetModel> Models { get; init; }

    /// <summary>The models that must be there first.</summary>
    public required IReadOnlyList<NodeSetModel> RequiredModels { get; init; }

    /// <summary>The namespaces that the nodeset refers to, namespace 0 first.</summary>
    public required IReadOnlyList<string> NamespaceUris { get; init; }

    /// <summary>The nodes in the order of the file.</summary>
    public required IReadOnlyList<NodeRecord> Nodes { get; init; }
}
