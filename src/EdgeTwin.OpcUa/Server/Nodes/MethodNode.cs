using EdgeTwin.OpcUa.Schema;
using EdgeTwin.OpcUa.Types;

namespace EdgeTwin.OpcUa.Server.Nodes;

/// <summary>A method (OPC 10000-3 §5.7).</summary>
/// <param name="id">The id.</param>
/// <param name="browseName">The name within the parent.</param>
public sealed class MethodNode(NodeId id, QualifiedName browseName) : Node(id, browseName)
{
    public override NodeClass NodeClass => NodeClass.Method;

    /// <summary>Whether it can be called at present; default true.</summary>
    public bool Executable { get; set; } = true;

    /// <summary>What carries it out; null leaves it to the declaration on the object's type, and else
    /// BadNotImplemented.</summary>
    public MethodHandler? Handler { get; set; }
}
