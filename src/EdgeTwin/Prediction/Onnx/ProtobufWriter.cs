using System.Buffers;
using System.Text;

namespace EdgeTwin.Prediction.Onnx;

/// <summary>Writes the protobuf wire format; the same calls give the same bytes.</summary>
internal sealed class ProtobufWriter
{
    private readonly ArrayBufferWriter<byte> buffer = new();

    public ReadOnlyMemory<byte> Written => buffer.WrittenMemory;

    public ProtobufWriter Int64(int field, long value)
    {
        Tag(field, ProtobufWireType.Varint);
        Varint(unchecked((ulong)value));
        return this;
    }

    public ProtobufWriter Bytes(int field, ReadOnlySpan<byte> value)
    {
        Tag(field, ProtobufWireType.LengthDelimited);
        Varint((ulong)value.Length);
        buffer.Write(value);
        return this;
    }

    public ProtobufWriter Text(int field, string value) => Bytes(field, Encoding.UTF8.GetBytes(value));

    public ProtobufWriter Message(int field, ProtobufWriter message) => Bytes(field, message.Written.Span);

    private void Tag(int field, ProtobufWireType type) => Varint(((ulong)field << 3) | (ulong)type);

    private void Varint(ulong value)
    {
        var span = buffer.GetSpan(10);
        var count = 0;
        while (value >= 0x80)
        {
            span[count++] = (byte)(value | 0x80);
            value >>= 7;
        }

        span[count++] = (byte)value;
        buffer.Advance(count);
    }
}
