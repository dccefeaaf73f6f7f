using EdgeTwin.OpcUa.Schema;
using EdgeTwin.OpcUa.Types;

namespace EdgeTwin.OpcUa.Server.Nodes;

/// <summary>An object (OPC 10000-3 §5.5.1).</summary>
/// <param name="id">The id.</param>
/// <param name="browseName">The name within the parent.</param>
public sealed class ObjectNode(NodeId id, QualifiedName browseName) : Node(id, browseName)
{
    public override NodeClass NodeClass => NodeClass.Object;

    /// <summary>Whether events can be subscribed here, or their history read.</summary>
    public EventNotifierType EventNotifier { get; set; }
}
