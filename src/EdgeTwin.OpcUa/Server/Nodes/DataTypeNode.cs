using EdgeTwin.OpcUa.Schema;
using EdgeTwin.OpcUa.Types;

namespace EdgeTwin.OpcUa.Server.Nodes;

/// <summary>A data type (OPC 10000-3 §5.8.3).</summary>
/// <param name="id">The id.</param>
/// <param name="browseName">The name.</param>
public sealed class DataTypeNode(NodeId id, QualifiedName browseName) : TypeNode(id, browseName)
{
    public override NodeClass NodeClass => NodeClass.DataType;

    /// <summary>The fields of a structure or enumeration (StructureDefinition, EnumDefinition); null when it has
    /// none.</summary>
    public ExtensionObject? Definition { get; set; }
}
