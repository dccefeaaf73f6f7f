using EdgeTwin.OpcUa.Schema;
using EdgeTwin.OpcUa.Types;

namespace EdgeTwin.OpcUa.Server.Nodes;

/// <summary>A view (OPC 10000-3 §5.4).</summary>
/// <param name="id">The id.</param>
/// <param name="browseName">The name within the parent.</param>
public sealed class ViewNode(NodeId id, QualifiedName browseName) : Node(id, browseName)
{
    public override NodeClass NodeClass => NodeClass.View;

    /// <summary>Whether events can be subscribed here.</summary>
    public EventNotifierType EventNotifier { get; set; }

    /// <summary>True when following the view's references never leads back.</summary>
    public bool ContainsNoLoops { get; set; }
}
