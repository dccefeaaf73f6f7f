using System.Text;

namespace EdgeTwin.Prediction.Onnx;

/// <summary>
/// Reads the protobuf wire format (https://protobuf.dev/programming-guides/encoding): every length is checked against
/// the bytes that are there, so a hostile file ends in one <see cref="ModelException"/>.
/// </summary>
internal ref struct ProtobufReader(ReadOnlySpan<byte> bytes)
{
    private readonly ReadOnlySpan<byte> bytes = bytes;
    private int position;

    /// <summary>Number of the field that <see cref="ReadTag"/> found.</summary>
    public int Field { get; private set; }

    public ProtobufWireType WireType { get; private set; }

    /// <summary>Moves to the next field; false at the end.</summary>
    public bool ReadTag()
    {
        if (position == bytes.Length) return false;
        var tag = ReadVarint();
        var field = tag >> 3;
        if (field is 0 or > 0x1FFF_FFFF) throw Damaged("a field number is out of range");
        Field = (int)field;
        WireType = (ProtobufWireType)(tag & 7);
        return true;
    }

    public ulong ReadVarint()
    {
        ulong value = 0;
        for (var shift = 0; shift < 70; shift += 7)
        {
            if (position == bytes.Length) throw Damaged("it ends inside a number");
            var next = bytes[position++];
            if (shift == 63 && next > 1) break;
            value |= (ulong)(next & 0x7F) << shift;
            if (next < 0x80) return value;
        }

        throw Damaged("a number has more than 64 bits");
    }

    public long ReadInt64()
    {
        Expect(ProtobufWireType.Varint);
        return unchecked((long)ReadVarint());
    }

    /// <summary>The bytes of a length-delimited field: a string, a message, a packed list.</summary>
    public ReadOnlySpan<byte> ReadBytes()
    {
        Expect(ProtobufWireType.LengthDelimited);
        var length = ReadVarint();
        if (length > (ulong)(bytes.Length - position)) throw Damaged("a length points past its end");
        var value = bytes.Slice(position, (int)length);
        position += (int)length;
        return value;
    }

    public string ReadString() => Encoding.UTF8.GetString(ReadBytes());

    public void Skip()
    {
        switch (WireType)
        {
            case ProtobufWireType.Varint: ReadVarint(); break;
            case ProtobufWireType.Fixed64: Advance(sizeof(ulong)); break;
            case ProtobufWireType.LengthDelimited: ReadBytes(); break;
            case ProtobufWireType.Fixed32: Advance(sizeof(uint)); break;
            default: throw Damaged($"wire type {(int)WireType} is not in use");
        }
    }

    private void Advance(int count)
    {
        if (count > bytes.Length - position) throw Damaged("it ends inside a field");
        position += count;
    }

    private readonly void Expect(ProtobufWireType expected)
    {
        if (WireType != expected) throw Damaged($"field {Field} has the wrong type");
    }

    private static ModelException Damaged(string what) => new($"not an ONNX file: {what}");
}
