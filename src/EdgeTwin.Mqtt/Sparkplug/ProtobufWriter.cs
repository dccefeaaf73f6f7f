using System.Buffers.Binary;
using System.Text;

namespace EdgeTwin.Mqtt.Sparkplug;

/// <summary>Writes protobuf fields into a buffer that grows and is used again for every payload.</summary>
internal sealed class ProtobufWriter
{
    private const int MostVarintBytes = 10;
    private byte[] bytes = new byte[4096];

    public int Length { get; private set; }

    public ReadOnlySpan<byte> Written => bytes.AsSpan(0, Length);

    public ReadOnlyMemory<byte> WrittenMemory => bytes.AsMemory(0, Length);

    public void Clear() => Length = 0;

    /// <summary>Gives up what was written beyond a length.</summary>
    public void Truncate(int length) => Length = length;

    public void UInt64(int field, ulong value)
    {
        Tag(field, ProtobufWireType.Varint);
        Varint(value);
    }

    public void Boolean(int field, bool value) => UInt64(field, value ? 1u : 0u);

    public void Fixed32(int field, uint bits)
    {
        Tag(field, ProtobufWireType.Fixed32);
        BinaryPrimitives.WriteUInt32LittleEndian(Room(4), bits);
        Length += 4;
    }

    public void Fixed64(int field, ulong bits)
    {
        Tag(field, ProtobufWireType.Fixed64);
        BinaryPrimitives.WriteUInt64LittleEndian(Room(8), bits);
        Length += 8;
    }

    public void Bytes(int field, ReadOnlySpan<byte> value)
    {
        Tag(field, ProtobufWireType.LengthDelimited);
        Varint((ulong)value.Length);
        value.CopyTo(Room(value.Length));
        Length += value.Length;
    }

    public void Text(int field, string value)
    {
        Tag(field, ProtobufWireType.LengthDelimited);
        Varint((ulong)Encoding.UTF8.GetByteCount(value));
        Length += Encoding.UTF8.GetBytes(value, Room(Encoding.UTF8.GetMaxByteCount(value.Length)));
    }

    /// <summary>Begins a message inside this one; ends with <see cref="End"/>, which gets what this returns.</summary>
    public int Begin(int field)
    {
        Tag(field, ProtobufWireType.LengthDelimited);
        Room(1);
        return ++Length; // one byte for the length is mostly enough
    }

    /// <summary>Ends a message: its length is known now. A long one moves to make room for the length.</summary>
    public void End(int begin)
    {
        var length = Length - begin;
        var lengthBytes = VarintLength((uint)length);
        if (lengthBytes > 1)
        {
            Room(lengthBytes - 1);
            bytes.AsSpan(begin, length).CopyTo(bytes.AsSpan(begin + lengthBytes - 1));
        }
        Length = begin - 1;
        Varint((ulong)length);
        Length += length;
    }

    private void Tag(int field, ProtobufWireType type) => Varint((ulong)field << 3 | (uint)type);

    private void Varint(ulong value)
    {
        var room = Room(MostVarintBytes);
        var count = 0;
        for (; value >= 0x80; value >>= 7) room[count++] = (byte)(value | 0x80);
        room[count++] = (byte)value;
        Length += count;
    }

    private static int VarintLength(uint value)
    {
        var count = 1;
        for (; value >= 0x80; value >>= 7) count++;
        return count;
    }

    private Span<byte> Room(int size)
    {
        if (bytes.Length - Length < size) Array.Resize(ref bytes, Math.Max(bytes.Length * 2, Length + size));
        return bytes.AsSpan(Length);
    }
}
