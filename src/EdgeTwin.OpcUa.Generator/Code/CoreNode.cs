namespace EdgeTwin.OpcUa.Generator.Code;

/// <summary>What the code needs to know about a node of namespace 0.</summary>
internal sealed record CoreNode(
    uint Id, string NodeClass, string Name, uint? Parent, bool IsAbstract, string? Documentation);
