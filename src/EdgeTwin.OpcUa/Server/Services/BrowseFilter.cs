using EdgeTwin.OpcUa.Schema;
using EdgeTwin.OpcUa.Server.Nodes;

namespace EdgeTwin.OpcUa.Server.Services;

/// <summary>Which references a Browse asks for (OPC 10000-4 §5.9.2.2, BrowseDescription).</summary>
internal struct BrowseFilter
{
    private ReferenceKind? lastKind; // neighbours are mostly of one kind: its verdict is kept
    private bool lastVerdict;

    public required BrowseDirection Direction { get; init; }

    /// <summary>The reference type; null for all of them.</summary>
    public required ReferenceTypeNode? Type { get; init; }

    public required bool IncludeSubtypes { get; init; }

    /// <summary>Bits of the node classes; 0 for all of them.</summary>
    public required uint NodeClassMask { get; init; }

    /// <summary>The nodes of the view; null for the whole space.</summary>
    public required HashSet<Node>? View { get; init; }

    public bool Passes(in Reference reference, in Caller caller)
    {
        if (!ReferenceEquals(reference.Kind, lastKind))
        {
            lastKind = reference.Kind;
            lastVerdict = PassesKind(reference);
        }

        return lastVerdict
            && (NodeClassMask == 0 || (NodeClassMask & (uint)reference.Target.NodeClass) != 0)
            && View?.Contains(reference.Target) != false
            && caller.MayBrowse(reference.Target);
    }

    private readonly bool PassesKind(in Reference reference)
    {
        if (Direction != BrowseDirection.Both && reference.IsInverse != (Direction == BrowseDirection.Inverse))
        {
            return false;
        }

        return Type is null || ReferenceEquals(reference.Type, Type)
            || (IncludeSubtypes && reference.Type.IsOrRefines(Type));
    }
}
