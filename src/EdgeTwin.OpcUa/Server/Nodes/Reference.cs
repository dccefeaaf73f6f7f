using EdgeTwin.OpcUa.Types;

namespace EdgeTwin.OpcUa.Server.Nodes;

/// <summary>A reference as the node that holds it sees it (OPC 10000-3 §4.4.4).</summary>
public readonly struct Reference
{
    internal Reference(ReferenceKind? kind, Node target)
    {
        Kind = kind;
        Target = target;
    }

    /// <summary>The reference type.</summary>
    public ReferenceTypeNode Type => Kind!.Type;

    /// <summary>True when the holder is what the reference points to, and <see cref="Target"/> where it comes
    /// from.</summary>
    public bool IsInverse => Kind!.IsInverse;

    /// <summary>The node at the other end.</summary>
    public Node Target { get; }

    // Type and direction are one pointer, so that a reference takes 16 bytes: a plain variable has three of them.
    internal ReferenceKind? Kind { get; }

    /// <summary>True for a forward reference of exactly this type.</summary>
    public bool Is(NodeId referenceType) => !IsInverse && Type.Id == referenceType;
}
