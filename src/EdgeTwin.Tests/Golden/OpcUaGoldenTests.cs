using EdgeTwin.OpcUa.Encoding;
using EdgeTwin.OpcUa.Types;

namespace EdgeTwin.Tests.Golden;

/// <summary>OPC UA Binary byte by byte, both ways; the examples of OPC 10000-6 §5.2.2 and those that decoders get
/// wrong.</summary>
public sealed class OpcUaGoldenTests
{
    public static TheoryData<string, string, string> Scalars => new()
    {
        { "Boolean true", "01 | 01", "true" },
        { "SByte -2", "02 | FE", "-2" },
        { "Int32 1,000,000,000 (§5.2.2.2)", "06 | 00 CA 9A 3B", "1000000000" },
        { "UInt64, all bits", "09 | FF FF FF FF FF FF FF FF", "18446744073709551615" },
        { "Float -6.5 (§5.2.2.3)", "0A | 00 00 D0 C0", "-6.5" },
        { "Double NaN", "0B | 00 00 00 00 00 00 F8 FF", "NaN" },
        { "String 水Boy (§5.2.2.4)", "0C | 06 00 00 00 | E6 B0 B4 42 6F 79", "水Boy" },
        { "DateTime, one tick after 1601", "0D | 01 00 00 00 00 00 00 00", "1601-01-01T00:00:00.0000001Z" },
        { "Guid (§5.2.2.6)", "0E | 91 2B 96 72 75 FA E6 4A 8D 28 B4 04 DC 7D AF 63",
            "72962b91-fa75-4ae6-8d28-b404dc7daf63" },
        { "NodeId, two bytes (§5.2.2.9)", "11 | 00 48", "i=72" },
        { "NodeId, four bytes (§5.2.2.9)", "11 | 01 05 01 04", "ns=5;i=1025" },
        { "NodeId, numeric", "11 | 02 2C 01 40 42 0F 00", "ns=300;i=1000000" },
        { "NodeId, string (§5.2.2.9)", "11 | 03 01 00 | 06 00 00 00 48 6F 74 E6 B0 B4", "ns=1;s=Hot水" },
        { "ExpandedNodeId with URI and server", "12 | C0 07 | 01 00 00 00 75 | 02 00 00 00", "svr=2;nsu=u;i=7" },
        { "StatusCode BadNodeIdUnknown", "13 | 00 00 34 80", "BadNodeIdUnknown" },
        { "QualifiedName", "14 | 02 00 | 01 00 00 00 61", "2:a" },
        { "LocalizedText, text only", "15 | 02 | 01 00 00 00 61", "a" },
        { "array of Int16", "84 | 02 00 00 00 | 01 00 FF FF", "[1, -1]" },
        { "matrix 2x1 of Byte", "C3 | 02 00 00 00 01 02 | 02 00 00 00 02 00 00 00 01 00 00 00", "2x1 [1, 2]" },
        { "null", "00", "null" },
    };

    [Theory]
    [MemberData(nameof(Scalars))]
    public void Variants_are_read_and_written_back_byte_by_byte(string what, string hex, string text)
    {
        var bytes = Bytes(hex);
        var reader = new UaReader(bytes, EncodingLimits.Default);

        var variant = reader.ReadVariant();

        Assert.Equal(0, reader.Remaining);
        Assert.True(text == variant.ToString(), $"{what}: {variant}");
        using var buffer = MessageBuffer.Rent(1000);
        new UaWriter(buffer).WriteVariant(variant);
        Assert.Equal(Convert.ToHexString(bytes), Convert.ToHexString(buffer.Written));
    }

    // Mask, variant, status, source time, source picoseconds, server time: the picoseconds follow their time
    // (§5.2.2.17).
    private const string FullDataValue =
        "1F | 0B 00 00 00 00 00 00 F0 3F | 00 00 00 40 | 01 00 00 00 00 00 00 00 | 05 00 | 02 00 00 00 00 00 00 00";

    [Fact]
    public void A_data_value_carries_status_times_and_picoseconds_in_the_order_of_the_specification()
    {
        var bytes = Bytes(FullDataValue);
        var reader = new UaReader(bytes, EncodingLimits.Default);

        var value = reader.ReadDataValue();

        Assert.Equal(1.0, value.Value.Get<double>());
        Assert.True(value.Status.IsUncertain);
        Assert.Equal(1, value.ServerTimestamp.Ticks - value.SourceTimestamp.Ticks);
        Assert.Equal(5, value.SourcePicoseconds);
        using var buffer = MessageBuffer.Rent(1000);
        new UaWriter(buffer).WriteDataValue(value);
        Assert.Equal(Convert.ToHexString(bytes), Convert.ToHexString(buffer.Written));
    }

    [Fact]
    public void A_good_value_has_no_status_on_the_wire()
    {
        using var buffer = MessageBuffer.Rent(1000);

        new UaWriter(buffer).WriteDataValue(new DataValue(true));

        Assert.Equal("010101", Convert.ToHexString(buffer.Written));
    }

    [Fact]
    public void An_extension_object_of_an_unknown_type_keeps_its_bytes()
    {
        // ns=9;i=300, body of three bytes
        var bytes = Bytes("01 09 2C 01 | 01 | 03 00 00 00 AA BB CC");
        var reader = new UaReader(bytes, EncodingLimits.Default);

        var value = reader.ReadExtensionObject()!;

        Assert.Equal(new byte[] { 0xAA, 0xBB, 0xCC }, Assert.IsType<byte[]>(value.Body));
        using var buffer = MessageBuffer.Rent(1000);
        new UaWriter(buffer).WriteExtensionObject(value);
        Assert.Equal(Convert.ToHexString(bytes), Convert.ToHexString(buffer.Written));
    }

    [Fact]
    public void A_range_in_an_extension_object_is_the_encoding_886_with_two_doubles()
    {
        using var buffer = MessageBuffer.Rent(1000);

        new UaWriter(buffer).WriteExtensionObject(new ExtensionObject(new EdgeTwin.OpcUa.Schema.Range { High = 1 }));

        Assert.Equal(Convert.ToHexString(Bytes(
            "01 00 76 03 | 01 | 10 00 00 00 | 00 00 00 00 00 00 00 00 | 00 00 00 00 00 00 F0 3F")),
            Convert.ToHexString(buffer.Written));
    }

    private static byte[] Bytes(string hex) =>
        Convert.FromHexString(hex.Replace("|", "", StringComparison.Ordinal).Replace(" ", "",
            StringComparison.Ordinal));
}
