using EdgeTwin.OpcUa.Encoding;
using EdgeTwin.OpcUa.NodeSets;
using EdgeTwin.OpcUa.Schema;
using EdgeTwin.OpcUa.Types;

namespace EdgeTwin.Tests.OpcUa.Encoding;

/// <summary>Type dictionaries of servers before 1.04.</summary>
public sealed class BinarySchemaReaderTests
{
    private const uint CoreDictionary = 7617;
    private static readonly NodeSet Core = StandardNodeSets.ReadCore();

    // The core's dictionary against the definitions of the same types, which come from elsewhere in the nodeset.
    [Fact]
    public void The_dictionary_of_the_core_says_what_its_definitions_say()
    {
        var types = new TypeDictionary();
        types.Add(Core);
        var byName = Core.Nodes.Where(static n => n.NodeClass == NodeClass.DataType)
            .ToDictionary(static n => n.BrowseName.Name!, static n => n);
        var schema = Core.Nodes.Single(static n => n.NodeId == CoreDictionary).ReadValue().Get<byte[]>()!;

        var read = BinarySchemaReader.Read(schema,
            (_, name) => byName.TryGetValue(name, out var node) ? node.NodeId : NodeId.Null);

        var compared = 0;
        foreach (var (name, definition) in read)
        {
            if (!byName.TryGetValue(name, out var node)) continue;
            if (node.Definition is not StructureDefinition expected) continue;
            if (expected.StructureType != StructureType.Structure) continue;
            Assert.Equal(
                expected.Fields.Select(f => (f.Name, types.BuiltIn(f.DataType), f.ValueRank > 0)),
                Assert.IsType<StructureDefinition>(definition).Fields
                    .Select(f => (f.Name, types.BuiltIn(f.DataType), f.ValueRank > 0)));
            compared++;
        }

        Assert.InRange(compared, 100, 500);
    }

    [Fact]
    public void Optional_fields_and_unions_are_read()
    {
        var read = Read("""
            <opc:StructuredType Name="O">
              <opc:Field Name="HasB" TypeName="opc:Bit"/><opc:Field Name="Reserved" TypeName="opc:Bit" Length="31"/>
              <opc:Field Name="A" TypeName="opc:Int32"/>
              <opc:Field Name="B" TypeName="opc:CharArray" SwitchField="HasB"/>
            </opc:StructuredType>
            <opc:StructuredType Name="U">
              <opc:Field Name="SwitchField" TypeName="opc:UInt32"/>
              <opc:Field Name="X" TypeName="opc:Int32" SwitchField="SwitchField" SwitchValue="1"/>
              <opc:Field Name="Y" TypeName="tns:O" SwitchField="SwitchField" SwitchValue="2"/>
            </opc:StructuredType>
            <opc:StructuredType Name="Odd">
              <opc:Field Name="A" TypeName="opc:Char" Terminator="00"/>
            </opc:StructuredType>
            """);

        Assert.Equal(["O", "U"], read.Keys);
        var optional = (StructureDefinition)read["O"];
        Assert.Equal(StructureType.StructureWithOptionalFields, optional.StructureType);
        Assert.Equal([("A", false), ("B", true)], optional.Fields.Select(static f => (f.Name!, f.IsOptional)));
        var union = (StructureDefinition)read["U"];
        Assert.Equal(StructureType.Union, union.StructureType);
        Assert.Equal(new NodeId(2, "urn:test|O"), union.Fields[1].DataType);
    }

    [Theory]
    [InlineData("<a/>")]
    [InlineData("no xml")]
    [InlineData("<!DOCTYPE x []><opc:TypeDictionary xmlns:opc='http://opcfoundation.org/BinarySchema/'/>")]
    public void What_is_no_dictionary_is_refused(string text) =>
        Assert.Equal(StatusCodes.BadDecodingError, Assert.Throws<OpcUaException>(() =>
            BinarySchemaReader.Read(System.Text.Encoding.UTF8.GetBytes(text), static (_, _) => 0)).Status.Value);

    private static IReadOnlyDictionary<string, DataTypeDefinition> Read(string types) => BinarySchemaReader.Read(
        System.Text.Encoding.UTF8.GetBytes($"""
            <opc:TypeDictionary xmlns:opc="http://opcfoundation.org/BinarySchema/" xmlns:tns="urn:test">
            {types}
            </opc:TypeDictionary>
            """ + "\0"),
        static (uri, name) => new NodeId(2, $"{uri}|{name}"));
}
