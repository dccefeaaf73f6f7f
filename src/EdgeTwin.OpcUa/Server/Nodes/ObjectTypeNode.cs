using EdgeTwin.OpcUa.Schema;
using EdgeTwin.OpcUa.Types;

namespace EdgeTwin.OpcUa.Server.Nodes;

/// <summary>A type of objects (OPC 10000-3 §5.5.2).</summary>
/// <param name="id">The id.</param>
/// <param name="browseName">The name.</param>
public sealed class ObjectTypeNode(NodeId id, QualifiedName browseName) : TypeNode(id, browseName)
{
    public override NodeClass NodeClass => NodeClass.ObjectType;
}
