using EdgeTwin.OpcUa.Schema;
using EdgeTwin.OpcUa.Types;

namespace EdgeTwin.OpcUa.Client;

/// <summary>How far browsing goes.</summary>
public sealed record BrowseOptions
{
    /// <summary>References that are followed; default hierarchical ones.</summary>
    public NodeId ReferenceType { get; init; } = NodeIds.HierarchicalReferences;

    /// <summary>Whether subtypes of <see cref="ReferenceType"/> are followed; default yes.</summary>
    public bool IncludeSubtypes { get; init; } = true;

    /// <summary>Forward (default) or inverse.</summary>
    public BrowseDirection Direction { get; init; } = BrowseDirection.Forward;

    /// <summary>References away from the start, 1 and up; 1 gives the children only; default no limit.</summary>
    public int MaxDepth { get; init; } = int.MaxValue;

    /// <summary>Most nodes that are found; default 1,000,000.</summary>
    public int MaxNodes { get; init; } = 1_000_000;

    /// <summary>Whether references to nodes that were found already are listed too, as
    /// <see cref="BrowsedNode.IsRepeat"/>; nothing is looked for below them again. Default no.</summary>
    public bool IncludeRepeats { get; init; }

    /// <summary>Whether to go on below a node; null goes below every one.</summary>
    public Func<BrowsedNode, bool>? Descend { get; init; }

    /// <summary>Whether a node is part of the result; null takes every one.</summary>
    public Func<BrowsedNode, bool>? Include { get; init; }
}
