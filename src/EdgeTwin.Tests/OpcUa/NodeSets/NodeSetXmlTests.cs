using EdgeTwin.OpcUa.NodeSets;
using EdgeTwin.OpcUa.NodeSets.Xml;
using EdgeTwin.OpcUa.Schema;
using EdgeTwin.OpcUa.Types;

namespace EdgeTwin.Tests.OpcUa.NodeSets;

/// <summary>NodeSet2 files of others: values of their own structures, and files that are wrong or hostile.</summary>
public sealed class NodeSetXmlTests
{
    private const string Types = "http://opcfoundation.org/UA/2008/02/Types.xsd";
    private static readonly NodeSet Core = StandardNodeSets.ReadCore();

    [Fact]
    public void A_node_has_the_indexes_of_the_caller()
    {
        var set = Read("""
            <UAObject NodeId="ns=1;s=pump" BrowseName="1:Pump">
              <References><Reference ReferenceType="i=35" IsForward="false">i=85</Reference></References>
            </UAObject>
            """);

        var node = Assert.Single(set.Nodes);
        Assert.Equal(new NodeId(7, "pump"), node.NodeId);
        Assert.Equal(new QualifiedName(7, "Pump"), node.BrowseName);
        Assert.Equal("Pump", node.DisplayName.Text);
        Assert.Equal(new NodeReference(35, false, 85), Assert.Single(node.References));
    }

    // Bytes by hand (OPC 10000-6 §5.2.7): the mask says that the first optional field is there and the second is not.
    [Fact]
    public void A_structure_of_the_file_itself_is_encoded_by_its_definition()
    {
        var value = ReadValue(Structure(
            """
            <Field Name="A" DataType="i=6"/>
            <Field Name="B" DataType="i=12" IsOptional="true"/>
            <Field Name="C" DataType="i=3" IsOptional="true"/>
            <Field Name="D" DataType="ns=1;i=1" ValueRank="1"/>
            """),
            "<A>258</A><B>x</B><D><E>Two_2</E></D>");

        Assert.Equal(new NodeId(7, 3u), value.TypeId);
        Assert.Equal([1, 0, 0, 0, 2, 1, 0, 0, 1, 0, 0, 0, (byte)'x', 1, 0, 0, 0, 2, 0, 0, 0], (byte[])value.Body!);
    }

    [Fact]
    public void A_union_is_the_number_of_its_field_and_the_field()
    {
        var union = Structure(
            """<Field Name="A" DataType="i=6"/><Field Name="B" DataType="i=3"/>""", "IsUnion=\"true\"");

        Assert.Equal([2, 0, 0, 0, 9], (byte[])ReadValue(union, "<B>9</B>").Body!);
    }

    [Fact]
    public void Node_ids_in_a_value_have_the_indexes_of_the_caller() =>
        Assert.Equal(new NodeId(7, "x"), Read($"""
            <UAVariable NodeId="ns=1;i=9" BrowseName="1:V">
              <Value><NodeId xmlns="{Types}"><Identifier>ns=1;s=x</Identifier></NodeId></Value>
            </UAVariable>
            """).Nodes[0].ReadValue().Get<NodeId>());

    [Theory]
    [InlineData("<Double>-INF</Double>", double.NegativeInfinity)]
    [InlineData("<Int16>-7</Int16>", (short)-7)]
    [InlineData("<Boolean>1</Boolean>", true)]
    [InlineData("<String></String>", "")]
    [InlineData("<ListOfByte><Byte>1</Byte><Byte>2</Byte></ListOfByte>", new byte[] { 1, 2 })]
    public void Simple_values_are_read(string xml, object expected) =>
        Assert.Equal(expected, Value(xml).ToObject());

    [Fact]
    public void A_matrix_is_read()
    {
        var matrix = Value("""
            <Matrix><Dimensions><Int32>2</Int32><Int32>1</Int32></Dimensions>
            <Elements><Double>1</Double><Double>2</Double></Elements></Matrix>
            """).Matrix;

        Assert.Equal([2, 1], matrix!.Dimensions);
        Assert.Equal(new[] { 1.0, 2 }, matrix.Elements);
    }

    [Theory]
    [InlineData("""<UAObject NodeId="i=1"/>""", "4:2: UAObject has no attribute BrowseName")]
    [InlineData("""<UAObject NodeId="s:1" BrowseName="a"/>""", "4:11: 's:1' is neither a node id nor an alias")]
    [InlineData("""<UAObject NodeId="ns=2;i=1" BrowseName="a"/>""",
        "4:11: namespace index 2 is not among the file's 2 namespaces")]
    [InlineData("""<UAThing NodeId="ns=1;i=1" BrowseName="a"/>""", "4:2: UAThing is no class of nodes")]
    [InlineData("""<UAMethod NodeId="ns=1;i=1" BrowseName="a"/><UAObject NodeId="ns=1;i=1" BrowseName="b"/>""",
        "4:55: the node ns=1;i=1 is there twice")]
    [InlineData("""
        <UAObject NodeId="ns=1;i=1" BrowseName="a">
        <References><Reference ReferenceType="i=35">ns=1;i=2</Reference></References></UAObject>
        """,
        "4:2: Object a (ns=7;i=1) refers to ns=7;i=2, which is not there")]
    [InlineData("""
        <UAObject NodeId="ns=1;i=1" BrowseName="a">
        <References><Reference ReferenceType="i=99999">i=85</Reference></References></UAObject>
        """,
        "4:2: Object a (ns=7;i=1) has a reference of type i=99999, which is not there")]
    [InlineData("""<UAVariable NodeId="ns=1;i=1" BrowseName="a"><Value><Int32>x</Int32></Value></UAVariable>""",
        "4:54: 'x' is no Int32")]
    [InlineData("""<UAVariable NodeId="ns=1;i=1" BrowseName="a"><Value><Blob/></Value></UAVariable>""",
        "4:54: 'Blob' is no built-in type")]
    [InlineData("""<UAVariable NodeId="ns=1;i=1" BrowseName="a" ValueRank="one"/>""", "4:46: 'one' is no Int32")]
    public void What_is_wrong_is_told_with_its_place(string nodes, string message)
    {
        var error = Assert.Throws<InvalidDataException>(() => Read(nodes));

        Assert.Equal($"test.xml:{message}", error.Message);
    }

    [Fact]
    public void A_file_that_is_no_xml_is_told_with_its_place() => Assert.StartsWith("test.xml:5:1: ",
        Assert.Throws<InvalidDataException>(static () => Read("<UAObject")).Message, StringComparison.Ordinal);

    [Fact]
    public void Supertypes_in_a_circle_are_refused() =>
        Assert.Contains("have no end", Assert.Throws<InvalidDataException>(() => Read("""
            <UADataType NodeId="ns=1;i=1" BrowseName="a"><References>
              <Reference ReferenceType="i=45" IsForward="false">ns=1;i=2</Reference></References></UADataType>
            <UADataType NodeId="ns=1;i=2" BrowseName="b"><References>
              <Reference ReferenceType="i=45" IsForward="false">ns=1;i=1</Reference></References></UADataType>
            """)).Message, StringComparison.Ordinal);

    [Fact]
    public void A_document_type_is_refused_and_so_are_entity_bombs()
    {
        const string Bomb = """
            <!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>
            <UANodeSet xmlns="http://opcfoundation.org/UA/2011/03/UANodeSet.xsd">&b;</UANodeSet>
            """;

        var error = Assert.Throws<InvalidDataException>(() => ReadFile(Bomb));
        Assert.Contains("DTD", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Nesting_beyond_the_limit_is_refused_before_it_is_built() =>
        Assert.Contains("deeper than 64", Assert.Throws<InvalidDataException>(() =>
            Read(string.Concat(Enumerable.Repeat("<a>", 100_000)))).Message, StringComparison.Ordinal);

    [Fact]
    public void More_elements_than_the_limit_are_refused()
    {
        var file = File(string.Concat(Enumerable.Repeat("<a/>", 2000)));

        var error = Assert.Throws<InvalidDataException>(() =>
            ReadFile(file, static o => o with { MaxElements = 1000 }));

        Assert.Contains("more than 1000 elements", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_longer_than_the_limit_is_refused() =>
        Assert.Throws<InvalidDataException>(() =>
            ReadFile(File(new string(' ', 10_000)), static o => o with { MaxCharacters = 1000 }));

    private static string Structure(string fields, string attributes = "") => $"""
        <UADataType NodeId="ns=1;i=1" BrowseName="1:E">
          <References><Reference ReferenceType="i=45" IsForward="false">i=29</Reference></References>
          <Definition Name="E"><Field Name="One" Value="1"/><Field Name="Two" Value="2"/></Definition>
        </UADataType>
        <UADataType NodeId="ns=1;i=2" BrowseName="1:S">
          <References><Reference ReferenceType="i=45" IsForward="false">i=22</Reference></References>
          <Definition Name="S" {attributes}>{fields}</Definition>
        </UADataType>
        <UAObject NodeId="ns=1;i=3" BrowseName="Default Binary" SymbolicName="DefaultBinary">
          <References><Reference ReferenceType="i=38" IsForward="false">ns=1;i=2</Reference></References>
        </UAObject>
        <UAObject NodeId="ns=1;i=4" BrowseName="Default XML" SymbolicName="DefaultXml">
          <References><Reference ReferenceType="i=38" IsForward="false">ns=1;i=2</Reference></References>
        </UAObject>
        """;

    private static ExtensionObject ReadValue(string types, string fields) => Read($"""
        {types}
        <UAVariable NodeId="ns=1;i=9" BrowseName="1:V">
          <Value><ExtensionObject xmlns="{Types}"><TypeId><Identifier>ns=1;i=4</Identifier></TypeId>
          <Body><S>{fields}</S></Body></ExtensionObject></Value>
        </UAVariable>
        """).Nodes[^1].ReadValue().Get<ExtensionObject>()!;

    private static Variant Value(string xml) => Read($"""
        <UAVariable NodeId="ns=1;i=9" BrowseName="1:V"><Value>{xml}</Value></UAVariable>
        """).Nodes[0].ReadValue();

    private static NodeSet Read(string nodes) => ReadFile(File(nodes));

    private static string File(string nodes) => $"""
        <UANodeSet xmlns="http://opcfoundation.org/UA/2011/03/UANodeSet.xsd">
        <NamespaceUris><Uri>urn:test</Uri></NamespaceUris>
        <Models><Model ModelUri="urn:test"/></Models>
        {nodes}
        </UANodeSet>
        """;

    private static NodeSet ReadFile(string xml, Func<NodeSetXmlOptions, NodeSetXmlOptions>? change = null)
    {
        using var stream = new MemoryStream(System.Text.Encoding.UTF8.GetBytes(xml));
        var options = new NodeSetXmlOptions { Name = "test.xml", NamespaceIndex = static _ => 7, Required = [Core] };
        return NodeSetXml.Read(stream, change?.Invoke(options) ?? options);
    }
}
