using EdgeTwin.OpcUa.NodeSets;
using EdgeTwin.OpcUa.Schema;
using EdgeTwin.OpcUa.Types;

namespace EdgeTwin.OpcUa.Generator.NodeSets;

/// <summary>Which attributes of a node differ from their defaults.</summary>
internal static class CompactFields
{
    public static NodeSetFields Of(NodeRecord node) =>
        When(NodeSetFields.IsAbstract, node.IsAbstract)
        | When(NodeSetFields.IsSymmetric, node.IsSymmetric)
        | When(NodeSetFields.ContainsNoLoops, node.ContainsNoLoops)
        | When(NodeSetFields.Historizing, node.Historizing)
        | When(NodeSetFields.NotExecutable, !node.Executable)
        | When(NodeSetFields.DisplayName, node.DisplayName != new LocalizedText(node.BrowseName.Name))
        | When(NodeSetFields.Description, node.Description != default)
        | When(NodeSetFields.WriteMask, node.WriteMask != default)
        | When(NodeSetFields.RolePermissions, node.RolePermissions.Length > 0)
        | When(NodeSetFields.AccessRestrictions, node.AccessRestrictions is not null)
        | When(NodeSetFields.InverseName, node.InverseName != default)
        | When(NodeSetFields.EventNotifier, node.EventNotifier != default)
        | When(NodeSetFields.DataType, node.DataType != NodeIds.BaseDataType)
        | When(NodeSetFields.ValueRank, node.ValueRank != -1)
        | When(NodeSetFields.ArrayDimensions, node.ArrayDimensions.Length > 0)
        | When(NodeSetFields.AccessLevel, node.AccessLevel != AccessLevelExType.CurrentRead)
        | When(NodeSetFields.MinimumSamplingInterval, node.MinimumSamplingInterval != 0)
        | When(NodeSetFields.MethodDeclarationId, !node.MethodDeclarationId.IsNull)
        | When(NodeSetFields.Structure, node.Definition is StructureDefinition)
        | When(NodeSetFields.Enumeration, node.Definition is EnumDefinition)
        | When(NodeSetFields.Value, node.HasValue);

    private static NodeSetFields When(NodeSetFields field, bool isThere) => isThere ? field : NodeSetFields.None;
}
