using EdgeTwin.OpcUa.Encoding;
using EdgeTwin.OpcUa.Schema;
using EdgeTwin.OpcUa.Types;

namespace EdgeTwin.OpcUa.NodeSets;

/// <summary>A node as a nodeset describes it: attributes and references (OPC 10000-3 §5, OPC 10000-6 annex
/// F).</summary>
public sealed class NodeRecord
{
    /// <summary>The id of the node.</summary>
    public required NodeId NodeId { get; init; }

    /// <summary>Which attributes it has.</summary>
    public required NodeClass NodeClass { get; init; }

    /// <summary>The name to browse by.</summary>
    public QualifiedName BrowseName { get; init; }

    /// <summary>The name to show.</summary>
    public LocalizedText DisplayName { get; init; }

    /// <summary>What the node is; null text when the attribute is absent.</summary>
    public LocalizedText Description { get; init; }

    /// <summary>Attributes that may be written.</summary>
    public AttributeWriteMask WriteMask { get; init; }

    /// <summary>Who may do what; empty when the defaults of the namespace apply.</summary>
    public RolePermissionType[] RolePermissions { get; init; } = [];

    /// <summary>What a channel must offer; null when the defaults of the namespace apply.</summary>
    public AccessRestrictionType? AccessRestrictions { get; init; }

    /// <summary>The references stated at this node.</summary>
    public NodeReference[] References { get; init; } = [];

    /// <summary>Types: has no instances.</summary>
    public bool IsAbstract { get; init; }

    /// <summary>Reference types: means the same in both directions.</summary>
    public bool IsSymmetric { get; init; }

    /// <summary>Reference types: the name from the target's side.</summary>
    public LocalizedText InverseName { get; init; }

    /// <summary>Views: following references never comes back.</summary>
    public bool ContainsNoLoops { get; init; }

    /// <summary>Objects and views: what events are to be had.</summary>
    public EventNotifierType EventNotifier { get; init; }

    /// <summary>Variables and variable types: the data type of the value.</summary>
    public NodeId DataType { get; init; } = NodeIds.BaseDataType;

    /// <summary>Variables and variable types: -1 scalar, 0 one or more dimensions, n dimensions, -2 any, -3 scalar or
    /// one.</summary>
    public int ValueRank { get; init; } = -1;

    /// <summary>Variables and variable types: lengths of the dimensions, 0 is any; empty when the attribute is
    /// absent.</summary>
    public uint[] ArrayDimensions { get; init; } = [];

    /// <summary>Variables: what access there is.</summary>
    public AccessLevelExType AccessLevel { get; init; } = AccessLevelExType.CurrentRead;

    /// <summary>Variables: milliseconds, 0 is "on change", -1 unknown.</summary>
    public double MinimumSamplingInterval { get; init; }

    /// <summary>Variables: history is being recorded.</summary>
    public bool Historizing { get; init; }

    /// <summary>Methods: can be called.</summary>
    public bool Executable { get; init; } = true;

    /// <summary>Methods: the method of the type that this one is an instance of; null when there is none.</summary>
    public NodeId MethodDeclarationId { get; init; }

    /// <summary>Data types: the fields, inherited ones first.</summary>
    public DataTypeDefinition? Definition { get; init; }

    /// <summary>Variables and variable types: a value is stated.</summary>
    public bool HasValue => !EncodedValue.IsEmpty;

    /// <summary>The value as a Variant in OPC UA Binary; empty when none is stated.</summary>
    internal ReadOnlyMemory<byte> EncodedValue { get; init; }

    /// <summary>Where in the value namespace indexes other than 0 stand, each a UInt16.</summary>
    internal int[] ValueNamespaces { get; init; } = [];

    /// <summary>Variables and variable types: the stated value, decoded anew at each call; null when none is.</summary>
    public Variant ReadValue()
    {
        if (EncodedValue.IsEmpty) return default;
        var reader = new UaReader(EncodedValue.Span, EncodingLimits.Default);
        return reader.ReadVariant();
    }

    /// <inheritdoc/>
    public override string ToString() => $"{NodeClass} {BrowseName} ({NodeId})";
}
