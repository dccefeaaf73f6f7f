using EdgeTwin.OpcUa.NodeSets;
using EdgeTwin.OpcUa.Schema;
using EdgeTwin.OpcUa.Server.Nodes;
using EdgeTwin.OpcUa.Server.Services;
using EdgeTwin.OpcUa.Types;

namespace EdgeTwin.Tests.OpcUa.Nodes;

public class Namespace0Tests
{
    [Fact]
    public void Everything_below_server_capabilities_has_a_value_of_its_type()
    {
        using var f = new SpaceFixture();
        var rules = new DataTypeRules(f.Space);
        var seen = 0;
        foreach (var variable in Below(f.Space.Get<Node>(NodeIds.Server_ServerCapabilities)))
        {
            var value = variable.Get().Value;
            Assert.False(value.IsNull, $"{variable} has no value");
            Assert.True(rules.Check(variable.DataType, variable.ValueRank, variable.ArrayDimensions, ref value).IsGood,
                $"{variable} has {value}");
            seen++;
        }

        Assert.InRange(seen, 40, 200);
    }

    [Fact]
    public void The_limits_that_are_kept_are_the_limits_that_are_published()
    {
        using var f = new SpaceFixture(new() { MaxNodesPerRead = 123, MaxBrowseContinuationPoints = 7 });

        Assert.Equal(123u, Value<uint>(f, NodeIds.Server_ServerCapabilities_OperationLimits_MaxNodesPerRead));
        Assert.Equal((ushort)7, Value<ushort>(f, NodeIds.Server_ServerCapabilities_MaxBrowseContinuationPoints));
    }

    [Fact]
    public void The_application_is_namespace_1_and_server_0_and_later_namespaces_show()
    {
        using var f = new SpaceFixture();
        f.Space.Namespaces.Add("urn:later");

        Assert.Equal(["http://opcfoundation.org/UA/", "urn:test:server", "urn:test:own", "urn:later"],
            Value<string[]>(f, NodeIds.Server_NamespaceArray)!);
        Assert.Equal(["urn:test:server"], Value<string[]>(f, NodeIds.Server_ServerArray)!);
    }

    [Fact]
    public void A_described_namespace_is_listed_once()
    {
        using var f = new SpaceFixture();
        var published = new DateTime(2026, 2, 3, 0, 0, 0, DateTimeKind.Utc);

        Namespace0.Describe(f.Space, "urn:test:own", "1.2", published);
        Namespace0.Describe(f.Space, "urn:test:own", "1.2", published);

        var name = new QualifiedName(f.Own, "urn:test:own");
        var uri = (VariableNode)f.Space.Resolve(NodeIds.Server_Namespaces, name, "NamespaceUri")!;
        Assert.Equal("urn:test:own", uri.Get().Value.Get<string>());
        Assert.Equal(NodeIds.NamespaceMetadataType,
            f.Space.Resolve(NodeIds.Server_Namespaces, name)!.TypeDefinition!.Id.Number);
    }

    [Theory]
    [InlineData(NodeIds.PublishSubscribe)]
    [InlineData(NodeIds.ServerConfiguration)]
    [InlineData(NodeIds.Server_SetSubscriptionDurable)]
    public void What_the_server_does_not_do_is_not_shown(uint id)
    {
        using var f = new SpaceFixture();

        Assert.Null(f.Space.Find(id));
    }

    [Fact]
    public void Device_integration_and_machinery_load_beside_it_with_their_references()
    {
        using var f = new SpaceFixture();
        f.Space.Load(StandardNodeSets.ReadDi(f.Space.Namespaces.Add));
        f.Space.Load(StandardNodeSets.ReadIa(f.Space.Namespaces.Add));
        f.Space.Load(StandardNodeSets.ReadMachinery(f.Space.Namespaces.Add));
        var di = (ushort)f.Space.Namespaces.IndexOf(StandardNodeSets.DiUri);
        var machinery = (ushort)f.Space.Namespaces.IndexOf(StandardNodeSets.MachineryUri);

        Assert.NotNull(f.Space.Resolve(NodeIds.ObjectsFolder, new QualifiedName(machinery, "Machines")));
        Assert.True(f.Space.IsSubtypeOf(new NodeId(di, 1002), NodeIds.BaseObjectType)); // DeviceType
    }

    [Fact]
    public void Types_hold_every_instance_without_listing_them()
    {
        using var f = new SpaceFixture();
        foreach (var node in f.Space.Nodes)
        {
            if (node is ObjectNode or VariableNode)
            {
                Assert.NotNull(node.TypeDefinition);
            }
        }
    }

    private static T? Value<T>(SpaceFixture f, NodeId id) => f.Space.Get<VariableNode>(id).Get().Value.Get<T>();

    private static List<VariableNode> Below(Node node)
    {
        var list = new List<VariableNode>();
        foreach (var reference in node.References)
        {
            if (reference.IsInverse || reference.Target is TypeNode || !reference.Type.IsOrRefines(NodeIds.Aggregates))
            {
                continue;
            }

            if (reference.Target is VariableNode variable)
            {
                list.Add(variable);
            }

            list.AddRange(Below(reference.Target));
        }

        return list;
    }
}
