using EdgeTwin.OpcUa.Schema;
using EdgeTwin.OpcUa.Types;

namespace EdgeTwin.OpcUa.Client;

/// <summary>A node that browsing found, and the reference that led to it first.</summary>
/// <param name="NodeId">The node; of another server when its server index is not 0.</param>
/// <param name="Parent">The node that refers to it.</param>
/// <param name="ReferenceType">The kind of reference.</param>
/// <param name="BrowseName">Name within the parent.</param>
/// <param name="DisplayName">Name for people.</param>
/// <param name="NodeClass">Object, variable, method and so on.</param>
/// <param name="TypeDefinition">Type of an object or variable; else null.</param>
/// <param name="Depth">References away from the start; 1 and up.</param>
public sealed record BrowsedNode(
    ExpandedNodeId NodeId, NodeId Parent, NodeId ReferenceType, QualifiedName BrowseName, LocalizedText DisplayName,
    NodeClass NodeClass, ExpandedNodeId TypeDefinition, int Depth)
{
    /// <summary>Whether this is a further reference to a node that was found before.</summary>
    public bool IsRepeat { get; init; }
}
