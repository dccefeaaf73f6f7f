namespace EdgeTwin.OpcUa.NodeSets.Xml;

/// <summary>How a NodeSet2 file is read, and what of it is accepted.</summary>
public sealed record NodeSetXmlOptions
{
    /// <summary>What messages call the file.</summary>
    public required string Name { get; init; }

    /// <summary>Gives the index of a namespace, and adds it when it is new. Namespace 0 is not asked for.</summary>
    public required Func<string, ushort> NamespaceIndex { get; init; }

    /// <summary>The nodesets that this one builds on, read with the same indexes: for the data types of its values, and
    /// to find references that lead nowhere.</summary>
    public IReadOnlyList<NodeSet> Required { get; init; } = [];

    /// <summary>Most characters of the file; default 64 million.</summary>
    public long MaxCharacters { get; init; } = 64_000_000;

    /// <summary>Most elements in the file; default 2 million.</summary>
    public int MaxElements { get; init; } = 2_000_000;

    /// <summary>Deepest nesting of elements; default 64.</summary>
    public int MaxDepth { get; init; } = 64;
}
