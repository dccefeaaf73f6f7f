using System.Buffers.Binary;
using System.Text;
using System.Text.Unicode;

namespace EdgeTwin.Mqtt.Sparkplug;

/// <summary>
/// Reads the fields of one protobuf message. Every length is checked against what is left before it is used. A field is
/// a tag (number × 8 + wire type) as a varint, then its content:
/// <code>
/// varint            1–10 bytes, 7 bits each, least significant first
/// fixed 64, 32      8 or 4 bytes, little-endian
/// length-delimited  a varint n, then n bytes: text, bytes, a message
/// </code>
/// </summary>
/// <exception cref="MqttException">Malformed.</exception>
internal ref struct ProtobufReader(ReadOnlySpan<byte> message)
{
    private const int MostVarintBytes = 10;
    private const uint HighestField = (1u << 29) - 1;
    private ReadOnlySpan<byte> rest = message;
    private ProtobufWireType type;

    /// <summary>Number of the field that comes next; 0 at the end of the message.</summary>
    public uint NextField()
    {
        if (rest.IsEmpty) return 0;
        var tag = Varint();
        type = (ProtobufWireType)(tag & 7);
        var field = tag >> 3;
        if (field is 0 or > HighestField) throw Malformed($"field number {field}");
        return (uint)field;
    }

    /// <summary>An integer of up to 64 bits.</summary>
    public ulong UInt64()
    {
        Expect(ProtobufWireType.Varint);
        return Varint();
    }

    /// <summary>An integer of up to 32 bits.</summary>
    public uint UInt32()
    {
        var value = UInt64();
        return value <= uint.MaxValue ? (uint)value : throw Malformed($"{value} where 32 bits are meant");
    }

    public bool Boolean() => UInt64() switch
    {
        0 => false,
        1 => true,
        var other => throw Malformed($"{other} where 0 or 1 is meant"),
    };

    /// <summary>A floating point number as its bits.</summary>
    public uint Fixed32()
    {
        Expect(ProtobufWireType.Fixed32);
        return BinaryPrimitives.ReadUInt32LittleEndian(Take(4));
    }

    /// <inheritdoc cref="Fixed32"/>
    public ulong Fixed64()
    {
        Expect(ProtobufWireType.Fixed64);
        return BinaryPrimitives.ReadUInt64LittleEndian(Take(8));
    }

    public ReadOnlySpan<byte> Bytes()
    {
        Expect(ProtobufWireType.LengthDelimited);
        var length = Varint();
        if (length > (ulong)rest.Length)
            throw Malformed($"a field of {length} bytes of which {rest.Length} are there");
        return Take((int)length);
    }

    public string Text()
    {
        var text = Bytes();
        return Utf8.IsValid(text) ? Encoding.UTF8.GetString(text) : throw Malformed("text that is not valid UTF-8");
    }

    /// <summary>A message inside this one.</summary>
    public ProtobufReader Message() => new(Bytes());

    /// <summary>The field may hold several integers in one length, or one of them.</summary>
    public readonly bool IsPacked => type == ProtobufWireType.LengthDelimited;

    /// <summary>An integer inside a packed field.</summary>
    public uint PackedUInt32()
    {
        var value = Varint();
        return value <= uint.MaxValue ? (uint)value : throw Malformed($"{value} where 32 bits are meant");
    }

    public readonly bool IsAtEnd => rest.IsEmpty;

    /// <summary>Passes over a field that this side does not know: the format grows that way.</summary>
    public void Skip()
    {
        switch (type)
        {
            case ProtobufWireType.Varint:
                Varint();
                break;
            case ProtobufWireType.Fixed64:
                Take(8);
                break;
            case ProtobufWireType.Fixed32:
                Take(4);
                break;
            default:
                Bytes(); // refuses groups, which the format never had
                break;
        }
    }

    public static MqttException Malformed(string what) =>
        new(MqttError.Malformed, $"a Sparkplug payload contains {what}");

    private ulong Varint()
    {
        ulong value = 0;
        for (var i = 0; i < Math.Min(rest.Length, MostVarintBytes); i++)
        {
            var digit = rest[i];
            if (i == MostVarintBytes - 1 && digit > 1) throw Malformed("an integer of more than 64 bits");
            value |= (ulong)(digit & 0x7F) << (7 * i);
            if ((digit & 0x80) != 0) continue;
            rest = rest[(i + 1)..];
            return value;
        }
        throw Malformed("an integer that does not end");
    }

    private ReadOnlySpan<byte> Take(int count)
    {
        if (rest.Length < count) throw Malformed($"a field of {count} bytes of which {rest.Length} are there");
        var taken = rest[..count];
        rest = rest[count..];
        return taken;
    }

    private readonly void Expect(ProtobufWireType wanted)
    {
        if (type != wanted) throw Malformed($"a field with wire type {(int)type} where {(int)wanted} is meant");
    }
}
