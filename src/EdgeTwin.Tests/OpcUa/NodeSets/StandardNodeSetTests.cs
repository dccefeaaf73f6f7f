using EdgeTwin.OpcUa.NodeSets;
using EdgeTwin.OpcUa.NodeSets.Xml;
using EdgeTwin.OpcUa.Schema;
using EdgeTwin.OpcUa.Types;
using EdgeTwin.Tests.Tidy;

namespace EdgeTwin.Tests.OpcUa.NodeSets;

/// <summary>The embedded nodesets against the published files.</summary>
public sealed class StandardNodeSetTests
{
    private static readonly NodeSet Core = StandardNodeSets.ReadCore();

    // Two namespaces before it, as in a server with its own: every index must be replaced, those in values too.
    private readonly List<string> namespaces = ["http://opcfoundation.org/UA/", "urn:server", "urn:plant"];

    [Fact]
    public void The_core_is_complete() => Assert.Equal(Published("Opc.Ua", []), Core.Nodes, SameNode);

    [Fact]
    public void Machinery_and_what_it_requires_are_complete_under_other_indexes()
    {
        var di = StandardNodeSets.ReadDi(IndexOf);
        var ia = StandardNodeSets.ReadIa(IndexOf);
        var machinery = StandardNodeSets.ReadMachinery(IndexOf);

        Assert.Equal(3, IndexOf(StandardNodeSets.DiUri));
        Assert.Equal(Published("Opc.Ua.Di", [Core]), di.Nodes, SameNode);
        Assert.Equal(Published("Opc.Ua.IA", [Core, di]), ia.Nodes, SameNode);
        Assert.Equal(Published("Opc.Ua.Machinery", [Core, di, ia]), machinery.Nodes, SameNode);
        Assert.Contains(machinery.RequiredModels, static m => m.Uri == StandardNodeSets.IaUri);
    }

    [Fact]
    public void A_variable_has_its_attributes_and_references()
    {
        var time = Node(NodeIds.Server_ServerStatus_CurrentTime);

        Assert.Equal(NodeClass.Variable, time.NodeClass);
        Assert.Equal("CurrentTime", time.BrowseName.Name);
        Assert.Equal("CurrentTime", time.DisplayName.Text);
        Assert.Equal(NodeIds.UtcTime, time.DataType);
        Assert.Equal(-1, time.ValueRank);
        Assert.Contains(new NodeReference(NodeIds.HasComponent, false, NodeIds.Server_ServerStatus), time.References);
        Assert.False(time.HasValue);
        Assert.True(time.ReadValue().IsNull);
    }

    [Fact]
    public void Arguments_are_values_of_structures()
    {
        var arguments = Node(NodeIds.Server_GetMonitoredItems_InputArguments).ReadValue().Get<ExtensionObject?[]>();

        var argument = Assert.Single(arguments!)!.As<Argument>();
        Assert.Equal("SubscriptionId", argument!.Name);
        Assert.Equal(NodeIds.UInt32, argument.DataType);
        Assert.Equal(-1, argument.ValueRank);
    }

    [Fact]
    public void A_structure_definition_begins_with_the_inherited_fields()
    {
        var definition = Assert.IsType<StructureDefinition>(Node(NodeIds.EnumField).Definition);

        Assert.Equal(["Value", "DisplayName", "Description", "Name"], definition.Fields.Select(static f => f.Name));
        Assert.Equal(NodeIds.EnumValueType, definition.BaseDataType);
        Assert.Equal(new NodeId(0, EnumField.EncodingId), definition.DefaultEncodingId);
    }

    [Fact]
    public void An_enumeration_has_its_values()
    {
        var definition = Assert.IsType<EnumDefinition>(Node(NodeIds.IdType).Definition);

        Assert.Equal([("Numeric", 0L), ("String", 1), ("Guid", 2), ("Opaque", 3)],
            definition.Fields.Select(static f => (f.Name!, f.Value)));
    }

    private static NodeRecord Node(uint id) => Core.Nodes.Single(n => n.NodeId == id);

    private NodeRecord[] Published(string name, NodeSet[] required)
    {
        using var stream = File.OpenRead(Path.Combine(Repository.Root,
            $"node_modules/node-opcua-nodesets/nodesets/{name}.NodeSet2.xml"));
        var options = new NodeSetXmlOptions { Name = name, NamespaceIndex = IndexOf, Required = required };
        return [.. NodeSetXml.Read(stream, options).Nodes];
    }

    private ushort IndexOf(string uri)
    {
        if (!namespaces.Contains(uri)) namespaces.Add(uri);
        return (ushort)namespaces.IndexOf(uri);
    }

    private static bool SameNode(NodeRecord x, NodeRecord y)
    {
        Assert.Equal(Attributes(x), Attributes(y));
        Assert.Equal(x.References, y.References);
        Assert.Equal(x.ArrayDimensions, y.ArrayDimensions);
        Assert.Equal(x.RolePermissions.Select(static p => (p.RoleId, p.Permissions)),
            y.RolePermissions.Select(static p => (p.RoleId, p.Permissions)));
        Assert.Equal(x.EncodedValue.ToArray(), y.EncodedValue.ToArray());
        Assert.Equal(Definition(x), Definition(y));
        return true;
    }

    private static object[] Attributes(NodeRecord node) =>
    [
        node.NodeId, node.NodeClass, node.BrowseName, node.DisplayName, node.Description, node.WriteMask,
        node.AccessRestrictions ?? (AccessRestrictionType)0xFFFF, node.IsAbstract, node.IsSymmetric, node.InverseName,
        node.ContainsNoLoops, node.EventNotifier, node.DataType, node.ValueRank, node.AccessLevel,
        node.MinimumSamplingInterval, node.Historizing, node.Executable, node.MethodDeclarationId,
    ];

    private static IEnumerable<object> Definition(NodeRecord node) => node.Definition switch
    {
        StructureDefinition s =>
        [
            s.DefaultEncodingId, s.BaseDataType, s.StructureType,
            .. s.Fields.Select(static f =>
                (f.Name, f.Description, f.DataType, f.ValueRank, f.MaxStringLength, f.IsOptional)),
        ],
        EnumDefinition e => e.Fields.Select(static f => (object)(f.Name, f.Value, f.DisplayName, f.Description)),
        _ => [],
    };
}
