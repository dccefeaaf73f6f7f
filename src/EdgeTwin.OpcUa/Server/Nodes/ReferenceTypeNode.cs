using EdgeTwin.OpcUa.Schema;
using EdgeTwin.OpcUa.Types;

namespace EdgeTwin.OpcUa.Server.Nodes;

/// <summary>A type of references (OPC 10000-3 §5.3).</summary>
public sealed class ReferenceTypeNode : TypeNode
{
    /// <param name="id">The id.</param>
    /// <param name="browseName">The name.</param>
    /// <summary>A type that is not in a space yet.</summary>
    public ReferenceTypeNode(NodeId id, QualifiedName browseName)
        : base(id, browseName)
    {
        Forward = new ReferenceKind(this, isInverse: false);
        Inverse = new ReferenceKind(this, isInverse: true);
    }

    public override NodeClass NodeClass => NodeClass.ReferenceType;

    /// <summary>True when both directions mean the same.</summary>
    public bool Symmetric { get; set; }

    /// <summary>What the reference is called from its target's side; the null text when there is no name.</summary>
    public LocalizedText InverseName { get; set; }

    internal ReferenceKind Forward { get; }

    internal ReferenceKind Inverse { get; }
}
