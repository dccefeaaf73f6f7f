using EdgeTwin.OpcUa.Schema;
using EdgeTwin.OpcUa.Types;

namespace EdgeTwin.OpcUa.Server.Nodes;

/// <summary>A type of variables (OPC 10000-3 §5.6.5).</summary>
/// <param name="id">The id.</param>
/// <param name="browseName">The name.</param>
public sealed class VariableTypeNode(NodeId id, QualifiedName browseName) : TypeNode(id, browseName)
{
    public override NodeClass NodeClass => NodeClass.VariableType;

    /// <summary>The default value of instances; null when there is none.</summary>
    public Variant Value { get; set; }

    /// <summary>The data type of instances, or the top of what they may have.</summary>
    public NodeId DataType { get; set; } = NodeIds.BaseDataType;

    /// <summary>Rank of instances: -1 scalar, 1 and up that many dimensions, 0 any array, -2 anything, -3 scalar or one
    /// dimension; default -2.</summary>
    public int ValueRank { get; set; } = -2;

    /// <summary>Most elements of each dimension, 0 for any; null when not said.</summary>
    public uint[]? ArrayDimensions { get; set; }
}
