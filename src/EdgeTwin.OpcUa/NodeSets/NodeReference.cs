using EdgeTwin.OpcUa.Types;

namespace EdgeTwin.OpcUa.NodeSets;

/// <summary>A reference of a node, as its nodeset states it; the other direction may be stated at the other node or
/// nowhere.</summary>
/// <param name="ReferenceTypeId">The type of the reference.</param>
/// <param name="IsForward">False when <paramref name="TargetId"/> is the source.</param>
/// <param name="TargetId">The node at the other end.</param>
public readonly record struct NodeReference(NodeId ReferenceTypeId, bool IsForward, NodeId TargetId);
