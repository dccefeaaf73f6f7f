namespace EdgeTwin.OpcUa.Server.Nodes;

/// <summary>A reference type in one of its two directions; each reference type has exactly two of these.</summary>
internal sealed class ReferenceKind(ReferenceTypeNode type, bool isInverse)
{
    public ReferenceTypeNode Type { get; } = type;

    public bool IsInverse { get; } = isInverse;
}
