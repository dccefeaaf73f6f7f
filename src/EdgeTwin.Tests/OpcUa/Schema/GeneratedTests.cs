extern alias generator;

using EdgeTwin.OpcUa.Encoding;
using EdgeTwin.OpcUa.Schema;
using EdgeTwin.OpcUa.Types;
using EdgeTwin.Tests.Tidy;
using generator::EdgeTwin.OpcUa.Generator.Code;

namespace EdgeTwin.Tests.OpcUa.Schema;

public sealed class GeneratedTests
{
    private const string Folder = "src/EdgeTwin.OpcUa/Schema/";
    private const string CoreNodeSet = "node_modules/node-opcua-nodesets/nodesets/Opc.Ua.NodeSet2.xml";

    [Fact]
    public void The_committed_code_is_what_the_generator_writes()
    {
        var fresh = SchemaFiles.Generate(Path.Combine(Repository.Root, CoreNodeSet));

        var committed = Repository.Files(Folder, ".g.cs")
            .ToDictionary(static f => Path.GetFileName(f.Path), static f => f.Text);
        Assert.Equal(fresh.Keys, committed.Keys.Order(StringComparer.Ordinal));
        Assert.All(fresh, f => Assert.Equal(f.Value, committed[f.Key]));
    }

    // Fields with their defaults: what is written first to last is read first to last.
    [Fact]
    public void Every_structure_reads_what_it_writes_and_is_found_by_its_encoding_id()
    {
        var structures = typeof(ReadRequest).Assembly.GetTypes()
            .Where(static t => t is { IsAbstract: false, Namespace: "EdgeTwin.OpcUa.Schema" }
                && t.IsAssignableTo(typeof(IStructure)))
            .Select(static t => (IStructure)Activator.CreateInstance(t)!).ToArray();

        Assert.InRange(structures.Length, 200, 500);
        Assert.All(structures, static structure =>
        {
            var written = Write(structure);
            var reader = new UaReader(written, EncodingLimits.Default);
            var read = StructureTable.Decode(structure.BinaryEncodingId, ref reader);
            Assert.Equal(structure.GetType(), read?.GetType());
            Assert.Equal(0, reader.Remaining);
            Assert.Equal(written, Write(read!));
        });
    }

    // The bytes by hand, from the tables of OPC 10000-4 §7.29 and OPC 10000-6 §5.2: the one place where a wrong order
    // or
    // width in the schema would show.
    [Fact]
    public void A_read_value_id_has_the_layout_of_the_specification() =>
        Assert.Equal(
            [1, 2, 0xE8, 0x03, 13, 0, 0, 0, 3, 0, 0, 0, (byte)'0', (byte)':', (byte)'1', 0, 0, 0xFF, 0xFF, 0xFF, 0xFF],
            Write(new ReadValueId
            {
                NodeId = new NodeId(2, 1000u),
                AttributeId = AttributeIds.Value,
                IndexRange = "0:1",
            }));

    [Fact]
    public void A_derived_structure_writes_the_fields_of_its_base_first() =>
        Assert.Equal(
            [7, 0, 0, 0, 0, 0, 0, 0, 2, 1, 0, 0, 0, (byte)'d', 0, 1, 0, 0, 0, (byte)'n'],
            Write(new EnumField { Value = 7, DisplayName = "d", Name = "n" }));

    [Fact]
    public void Option_sets_have_the_width_of_their_type() =>
        Assert.Equal([0, 22, 3, 0, 0, 0], Write(new RolePermissionType
        {
            RoleId = 22,
            Permissions = PermissionType.Browse | PermissionType.ReadRolePermissions,
        }));

    private static byte[] Write(IStructure structure)
    {
        using var buffer = MessageBuffer.Rent(1_000_000);
        var writer = new UaWriter(buffer);
        structure.Encode(ref writer);
        return buffer.Written.ToArray();
    }
}
