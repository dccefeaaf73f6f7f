using EdgeTwin.OpcUa.Types;
using EdgeTwin.Tags;

namespace EdgeTwin.Serving.OpcUa;

/// <summary>A node as it is to be. Two plans are compared to find what a changed configuration changes.</summary>
internal sealed record PlannedNode
{
    public required NodeId Id { get; init; }

    /// <summary>What it is below, and how.</summary>
    public required NodeId Parent { get; init; }

    public required NodeId Reference { get; init; }

    public required NodeId Type { get; init; }

    public required QualifiedName Name { get; init; }

    /// <summary>Null for an object.</summary>
    public NodeId? DataType { get; init; }

    public bool IsArray { get; init; }

    public LocalizedText DisplayName { get; init; }

    public LocalizedText Description { get; init; }

    /// <summary>Value of a property; its text in <see cref="FixedText"/> tells whether it changed.</summary>
    public DataValue? Fixed { get; init; }

    public string? FixedText { get; init; }

    /// <summary>The tag whose value the variable has.</summary>
    public TagDefinition? Tag { get; init; }

    public DiagnosticItem? Diagnostic { get; init; }

    /// <summary>Further places where it is shown: from, reference type.</summary>
    public IReadOnlyList<(NodeId Source, NodeId Reference)> AlsoFrom { get; init; } = [];

    /// <summary>Whether a node of the other plan can become this one without being taken away: what a client has bound
    /// to is the same.</summary>
    public bool HasSameShape(PlannedNode other) =>
        Parent == other.Parent && Reference == other.Reference && Type == other.Type && Name == other.Name
        && DataType == other.DataType && IsArray == other.IsArray
        && (Diagnostic is null) == (other.Diagnostic is null) && AlsoFrom.SequenceEqual(other.AlsoFrom);
}
