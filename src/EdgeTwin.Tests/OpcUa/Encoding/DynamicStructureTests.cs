using EdgeTwin.OpcUa.Encoding;
using EdgeTwin.OpcUa.Schema;
using EdgeTwin.OpcUa.Types;

namespace EdgeTwin.Tests.OpcUa.Encoding;

/// <summary>Structures that a server describes: OPC 10000-6 §5.2.6 on, and definitions meant to do harm.</summary>
public sealed class DynamicStructureTests
{
    private static readonly NodeId Type = new(2, "S");
    private static readonly NodeId EncodingId = new(2, "S.Binary");
    private static readonly NodeId Inner = new(2, "Inner");

    private readonly TypeDictionary types = new();

    [Fact]
    public void Fields_lie_one_after_the_other()
    {
        Define(StructureType.Structure, Field("A", NodeIds.Int32), Field("B", NodeIds.String),
            Field("C", NodeIds.Double, 1));

        var structure = Read([7, 0, 0, 0, 1, 0, 0, 0, (byte)'x', 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xF0, 0x3F]);

        Assert.Equal(7, structure["A"].Get<int>());
        Assert.Equal("x", structure["B"].Get<string>());
        Assert.Equal([1.0], structure["C"].Get<double[]>()!);
    }

    [Fact]
    public void Optional_fields_are_told_by_a_mask()
    {
        Define(StructureType.StructureWithOptionalFields, Field("A", NodeIds.Byte),
            Field("B", NodeIds.Byte, optional: true), Field("C", NodeIds.Byte, optional: true));

        var structure = Read([2, 0, 0, 0, 1, 3]);

        Assert.Equal((byte)1, structure["A"].Get<byte>());
        Assert.False(structure.IsPresent("B"));
        Assert.Equal((byte)3, structure["C"].Get<byte>());
    }

    // A mask with bits of fields that this definition does not have: their bytes cannot be told from the others.
    [Fact]
    public void Optional_fields_of_a_newer_definition_leave_the_body_as_it_came()
    {
        Define(StructureType.StructureWithOptionalFields, Field("A", NodeIds.Byte, optional: true));

        Assert.IsType<byte[]>(Resolve([5, 0, 0, 0, 1, 3])!.Body);
    }

    [Theory]
    [InlineData(new byte[] { 0, 0, 0, 0 }, null)]
    [InlineData(new byte[] { 2, 0, 0, 0, 9 }, "B")]
    public void A_union_has_one_field_or_none(byte[] body, string? selected)
    {
        Define(StructureType.Union, Field("A", NodeIds.Int32), Field("B", NodeIds.Byte));

        Assert.Equal(selected, Read(body).Selected);
    }

    [Fact]
    public void A_union_of_a_field_that_is_not_there_is_kept_as_it_came()
    {
        Define(StructureType.Union, Field("A", NodeIds.Int32));

        Assert.IsType<byte[]>(Resolve([2, 0, 0, 0, 9])!.Body);
    }

    [Fact]
    public void Nested_structures_and_arrays_of_them_have_no_type_of_their_own()
    {
        types.Add(Inner, NodeIds.Structure, Definition(StructureType.Structure, Field("X", NodeIds.Byte)));
        Define(StructureType.Structure, Field("One", Inner), Field("Many", Inner, 1));

        var structure = Read([5, 2, 0, 0, 0, 6, 7]);

        Assert.Equal((byte)5, structure["One"].Get<ExtensionObject>()!.As<DynamicStructure>()!["X"].Get<byte>());
        Assert.Equal([(byte)6, (byte)7], structure["Many"].Get<ExtensionObject?[]>()!
            .Select(static e => e!.As<DynamicStructure>()!["X"].Get<byte>()));
    }

    // Dimensions, then the elements without a count (OPC 10000-6 §5.2.5).
    [Fact]
    public void A_matrix_is_its_dimensions_and_elements()
    {
        Define(StructureType.Structure, Field("M", NodeIds.Int16, 2), Field("After", NodeIds.Byte));

        var structure = Read([2, 0, 0, 0, 1, 0, 0, 0, 2, 0, 0, 0, 8, 0, 9, 0, 4]);

        Assert.Equal([1, 2], structure["M"].Matrix!.Dimensions);
        Assert.Equal(new short[] { 8, 9 }, structure["M"].Elements);
        Assert.Equal((byte)4, structure["After"].Get<byte>());
    }

    [Fact]
    public void A_subtype_of_a_number_is_read_as_that_number()
    {
        var duration = new NodeId(2, "Seconds");
        types.Add(duration, NodeIds.Double, null);
        Define(StructureType.Structure, Field("T", duration));

        Assert.Equal(1.0, Read([0, 0, 0, 0, 0, 0, 0xF0, 0x3F])["T"].Get<double>());
    }

    [Theory]
    [InlineData(new byte[0])]
    [InlineData(new byte[] { 1, 0, 0, 0, 5 })]
    public void A_body_too_short_or_too_long_is_kept_as_it_came(byte[] body)
    {
        Define(StructureType.Structure, Field("A", NodeIds.Int32));

        Assert.Same(body, Resolve(body)!.Body);
    }

    [Fact]
    public void What_was_written_is_read()
    {
        types.Add(Inner, NodeIds.Structure, Definition(StructureType.Structure, Field("X", NodeIds.Byte)));
        Define(StructureType.StructureWithOptionalFields, Field("I", Inner), Field("L", NodeIds.LocalizedText),
            Field("O", NodeIds.Int64, optional: true), Field("P", NodeIds.Guid, optional: true),
            Field("V", NodeIds.BaseDataType), Field("N", Inner, 1), Field("M", NodeIds.String, 2));
        var inner = new DynamicStructure(types, Inner) { ["X"] = (byte)3 };
        var written = new DynamicStructure(types, Type)
        {
            ["I"] = inner.ToExtensionObject(),
            ["L"] = new LocalizedText("t"),
            ["O"] = 5L,
            ["V"] = 2.5,
            ["N"] = Variant.Of(new[] { inner.ToExtensionObject() }),
            ["M"] = Variant.Of(new Matrix(new[] { "a", null, "c", "d" }, 2, 2)),
        };

        var read = Read(Write(written));

        Assert.Equal(written.ToString(), read.ToString());
        Assert.Equal(Write(written), Write(read));
        Assert.Equal(5, read["O"].Get<long>());
        Assert.False(read.IsPresent("P"));
        Assert.Equal("c", ((string?[])read["M"].Elements!)[2]);
    }

    [Fact]
    public void A_field_takes_only_its_type_and_shape()
    {
        Define(StructureType.Structure, Field("A", NodeIds.Int32), Field("B", NodeIds.Int32, 1));
        var structure = new DynamicStructure(types, Type);

        Assert.Throws<ArgumentException>(() => structure["A"] = 1.5);
        Assert.Throws<ArgumentException>(() => structure["B"] = 1);
        Assert.Throws<ArgumentException>(() => structure["C"] = 1);
        structure["B"] = Variant.Of(new[] { 1 });
    }

    [Fact]
    public void A_structure_in_itself_is_refused_by_its_depth()
    {
        Define(StructureType.Structure, Field("Self", Type));

        AssertTooMuch([1]);
    }

    // Each level doubles the structures, and none takes a byte: without a limit on their number this takes 2^60 steps.
    [Fact]
    public void Structures_that_multiply_without_bytes_are_refused()
    {
        var empty = new NodeId(2, 60u);
        types.Add(empty, NodeIds.Structure, Definition(StructureType.Structure));
        for (var i = 59u; i > 0; i--)
        {
            var next = new NodeId(2, i + 1);
            types.Add(new NodeId(2, i), NodeIds.Structure,
                Definition(StructureType.Structure, Field("L", next), Field("R", next)));
        }

        Define(StructureType.Structure, Field("Top", new NodeId(2, 1u)));

        AssertTooMuch([]);
    }

    [Fact]
    public void Extension_objects_in_each_other_are_refused_by_their_depth()
    {
        Define(StructureType.Structure, Field("E", NodeIds.Structure));
        var body = Write(new ExtensionObject(EncodingId, null));
        for (var i = 0; i < 200; i++) body = Write(new ExtensionObject(EncodingId, body));

        AssertTooMuch(body);
    }

    [Fact]
    public void A_matrix_larger_than_its_bytes_is_kept_as_it_came()
    {
        Define(StructureType.Structure, Field("M", NodeIds.Byte, 2));

        Assert.IsType<byte[]>(Resolve([2, 0, 0, 0, 0, 0xFF, 0, 0, 0, 0xFF, 0, 0, 1])!.Body);
    }

    [Fact]
    public void Supertypes_in_a_circle_are_an_unknown_type()
    {
        types.Add(new NodeId(2, 1u), new NodeId(2, 2u), null);
        types.Add(new NodeId(2, 2u), new NodeId(2, 1u), null);

        Assert.Equal(BuiltInType.Null, types.BuiltIn(new NodeId(2, 1u)));
    }

    private static StructureField Field(string name, NodeId type, int rank = -1, bool optional = false) =>
        new() { Name = name, DataType = type, ValueRank = rank, IsOptional = optional };

    private static StructureDefinition Definition(StructureType kind, params StructureField[] fields) =>
        new() { StructureType = kind, BaseDataType = NodeIds.Structure, Fields = fields };

    private static byte[] Write(IStructure structure)
    {
        using var buffer = MessageBuffer.Rent(1_000_000);
        var writer = new UaWriter(buffer);
        structure.Encode(ref writer);
        return buffer.Written.ToArray();
    }

    private static byte[] Write(ExtensionObject value)
    {
        using var buffer = MessageBuffer.Rent(1_000_000);
        new UaWriter(buffer).WriteExtensionObject(value);
        return buffer.Written.ToArray();
    }

    private void Define(StructureType kind, params StructureField[] fields) => types.Add(Type, NodeIds.Structure,
        new StructureDefinition { StructureType = kind, DefaultEncodingId = EncodingId, Fields = fields });

    private DynamicStructure Read(byte[] body) => Resolve(body)!.As<DynamicStructure>()!;

    private ExtensionObject? Resolve(byte[] body) =>
        types.Resolve(new ExtensionObject(EncodingId, body), EncodingLimits.Default);

    private void AssertTooMuch(byte[] body) => Assert.Equal(StatusCodes.BadEncodingLimitsExceeded,
        Assert.Throws<OpcUaException>(() => Resolve(body)).Status.Value);
}
