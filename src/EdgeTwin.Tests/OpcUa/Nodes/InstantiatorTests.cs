using EdgeTwin.OpcUa.Schema;
using EdgeTwin.OpcUa.Server.Nodes;
using EdgeTwin.OpcUa.Types;

namespace EdgeTwin.Tests.OpcUa.Nodes;

public class InstantiatorTests
{
    [Fact]
    public void An_analog_variable_has_its_mandatory_unit_and_the_optional_range_only_when_asked_for()
    {
        using var f = new SpaceFixture();

        var plain = Make(f, NodeIds.AnalogUnitType, "plain");
        var ranged = Make(f, NodeIds.AnalogUnitType, "ranged", "EURange");

        Assert.Equal("plain/EngineeringUnits", f.Space.Resolve(plain.Id, "EngineeringUnits")!.Id.Text);
        Assert.Null(f.Space.Resolve(plain.Id, "EURange"));
        Assert.Equal(NodeIds.Range, ((VariableNode)f.Space.Resolve(ranged.Id, "EURange")!).DataType.Number);
        Assert.Equal(NodeIds.Number, ((VariableNode)plain).DataType.Number);
    }

    [Theory]
    [InlineData(NodeIds.TwoStateDiscreteType, "TrueState", "FalseState")]
    [InlineData(NodeIds.MultiStateDiscreteType, "EnumStrings", "EnumStrings")]
    [InlineData(NodeIds.NamespaceMetadataType, "NamespaceUri", "StaticStringNodeIdPattern")]
    public void Inherited_and_own_mandatory_children_are_made(uint type, string first, string second)
    {
        using var f = new SpaceFixture();

        var node = Make(f, type, "x");

        Assert.NotNull(f.Space.Resolve(node.Id, first));
        Assert.NotNull(f.Space.Resolve(node.Id, second));
    }

    [Fact]
    public void Methods_are_the_types_own()
    {
        using var f = new SpaceFixture();

        var file = Make(f, NodeIds.FileType, "file");

        Assert.Same(f.Space.Resolve(NodeIds.FileType, "Open"), f.Space.Resolve(file.Id, "Open"));
        f.Space.Remove(file.Id);
        Assert.NotNull(f.Space.Resolve(NodeIds.FileType, "Open"));
    }

    [Fact]
    public void A_type_that_contains_itself_is_refused()
    {
        using var f = new SpaceFixture();
        var type = f.Space.Add(new ObjectTypeNode(f.Id("T"), "T"), NodeIds.BaseObjectType, NodeIds.HasSubtype);
        var child = f.Space.Add(new ObjectNode(f.Id("T/me"), "me"), type.Id, NodeIds.HasComponent, type.Id);
        f.Space.AddReference(child.Id, NodeIds.HasModellingRule, NodeIds.ModellingRule_Mandatory);

        Assert.Throws<ArgumentException>(() => Make(f, type.Id, "x"));
    }

    private static Node Make(SpaceFixture f, NodeId type, string name, params string[] optional) => f.Space.Instantiate(
        type, NodeIds.ObjectsFolder, NodeIds.HasComponent, f.Id(name), new QualifiedName(f.Own, name), optional);
}
