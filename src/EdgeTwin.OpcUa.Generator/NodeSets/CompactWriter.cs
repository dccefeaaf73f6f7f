using EdgeTwin.OpcUa.NodeSets;
using EdgeTwin.OpcUa.Schema;
using EdgeTwin.OpcUa.Types;

namespace EdgeTwin.OpcUa.Generator.NodeSets;

/// <summary>Writes a nodeset in the compact form, uncompressed; see <see cref="NodeSetFormat"/>.</summary>
internal sealed class CompactWriter
{
    private readonly CompactBytes bytes = new();
    private readonly List<NodeId> referenceTypes = [];
    private readonly List<RolePermissionType[]> permissions = [];

    /// <param name="set">The nodeset, with indexes into <paramref name="uris"/>.</param>
    /// <param name="uris">All namespaces that indexes may refer to, namespace 0 first.</param>
    public static byte[] Write(NodeSet set, IReadOnlyList<string> uris) => new CompactWriter().WriteSet(set, uris);

    private byte[] WriteSet(NodeSet set, IReadOnlyList<string> uris)
    {
        bytes.WriteNumber(uris.Count);
        foreach (var uri in uris) bytes.WriteString(uri);
        WriteModels(set.Models);
        WriteModels(set.RequiredModels);
        WritePermissions(set.Nodes);
        var references = set.Nodes.SelectMany(static n => n.References);
        referenceTypes.AddRange(references.Select(static r => r.ReferenceTypeId).Distinct());
        bytes.WriteNumber(referenceTypes.Count);
        foreach (var type in referenceTypes) bytes.WriteNodeId(type);
        bytes.WriteNumber(set.Nodes.Count);
        foreach (var node in set.Nodes) WriteNode(node);
        return bytes.WithStrings([.. NodeSetFormat.Magic, NodeSetFormat.Version]);
    }

    private void WriteModels(IReadOnlyList<NodeSetModel> models)
    {
        bytes.WriteNumber(models.Count);
        foreach (var model in models)
        {
            bytes.WriteString(model.Uri);
            bytes.WriteString(model.Version);
            bytes.WriteNumber((ulong)model.PublicationDate.Ticks);
        }
    }

    private void WritePermissions(IReadOnlyList<NodeRecord> nodes)
    {
        foreach (var node in nodes)
        {
            if (node.RolePermissions.Length > 0 && IndexOf(node.RolePermissions) < 0)
                permissions.Add(node.RolePermissions);
        }

        bytes.WriteNumber(permissions.Count);
        foreach (var set in permissions)
        {
            bytes.WriteNumber(set.Length);
            foreach (var permission in set)
            {
                bytes.WriteNodeId(permission.RoleId);
                bytes.WriteNumber((ulong)permission.Permissions);
            }
        }
    }

    private int IndexOf(RolePermissionType[] set) => permissions.FindIndex(p => p.Length == set.Length
        && p.Zip(set).All(static pair => pair.First.RoleId == pair.Second.RoleId
            && pair.First.Permissions == pair.Second.Permissions));

    private void WriteNode(NodeRecord node)
    {
        var fields = CompactFields.Of(node);
        bytes.WriteNumber((ulong)node.NodeClass);
        bytes.WriteNumber((ulong)fields);
        bytes.WriteNodeId(node.NodeId);
        bytes.WriteNumber(node.BrowseName.NamespaceIndex);
        bytes.WriteString(node.BrowseName.Name);
        bytes.WriteNumber(node.References.Length);
        foreach (var reference in node.References)
        {
            bytes.WriteNumber((referenceTypes.IndexOf(reference.ReferenceTypeId) * 2) + (reference.IsForward ? 1 : 0));
            bytes.WriteNodeId(reference.TargetId);
        }

        if (Has(NodeSetFields.DisplayName)) bytes.WriteText(node.DisplayName);
        if (Has(NodeSetFields.Description)) bytes.WriteText(node.Description);
        if (Has(NodeSetFields.WriteMask)) bytes.WriteNumber((ulong)node.WriteMask);
        if (Has(NodeSetFields.RolePermissions)) bytes.WriteNumber(IndexOf(node.RolePermissions));
        if (Has(NodeSetFields.AccessRestrictions)) bytes.WriteNumber((ulong)node.AccessRestrictions!.Value);
        if (Has(NodeSetFields.InverseName)) bytes.WriteText(node.InverseName);
        if (Has(NodeSetFields.EventNotifier)) bytes.WriteNumber((ulong)node.EventNotifier);
        if (Has(NodeSetFields.DataType)) bytes.WriteNodeId(node.DataType);
        if (Has(NodeSetFields.ValueRank)) bytes.WriteSigned(node.ValueRank);
        if (Has(NodeSetFields.ArrayDimensions)) bytes.WriteNumbers(node.ArrayDimensions);
        if (Has(NodeSetFields.AccessLevel)) bytes.WriteNumber((ulong)node.AccessLevel);
        if (Has(NodeSetFields.MinimumSamplingInterval)) bytes.WriteDouble(node.MinimumSamplingInterval);
        if (Has(NodeSetFields.MethodDeclarationId)) bytes.WriteNodeId(node.MethodDeclarationId);
        if (Has(NodeSetFields.Structure)) WriteStructure((StructureDefinition)node.Definition!);
        if (Has(NodeSetFields.Enumeration)) WriteEnumeration((EnumDefinition)node.Definition!);
        if (Has(NodeSetFields.Value)) WriteValue(node);

        bool Has(NodeSetFields field) => (fields & field) != NodeSetFields.None;
    }

    private void WriteStructure(StructureDefinition structure)
    {
        bytes.WriteNodeId(structure.DefaultEncodingId);
        bytes.WriteNodeId(structure.BaseDataType);
        bytes.WriteNumber((ulong)structure.StructureType);
        bytes.WriteNumber(structure.Fields.Length);
        foreach (var field in structure.Fields)
        {
            bytes.WriteString(field.Name);
            bytes.WriteText(field.Description);
            bytes.WriteNodeId(field.DataType);
            bytes.WriteSigned(field.ValueRank);
            bytes.WriteNumbers(field.ArrayDimensions);
            bytes.WriteNumber(field.MaxStringLength);
            bytes.WriteNumber(field.IsOptional ? 1 : 0);
        }
    }

    private void WriteEnumeration(EnumDefinition enumeration)
    {
        bytes.WriteNumber(enumeration.Fields.Length);
        foreach (var field in enumeration.Fields)
        {
            bytes.WriteString(field.Name);
            bytes.WriteSigned(field.Value);
            bytes.WriteText(field.DisplayName);
            bytes.WriteText(field.Description);
        }
    }

    private void WriteValue(NodeRecord node)
    {
        bytes.WriteNumber(node.EncodedValue.Length);
        bytes.WriteNumbers([.. node.ValueNamespaces.Select(static p => (uint)p)]);
        bytes.WriteRaw(node.EncodedValue.Span);
    }
}
