using System.Buffers.Binary;

namespace EdgeTwin.Journal.Codec;

/// <summary>Writes the primitives of the format into a buffer that grows and is reused.</summary>
internal sealed class ByteWriter(int capacity = 4096)
{
    private byte[] buffer = new byte[capacity];

    public int Length { get; private set; }

    public ReadOnlySpan<byte> Written => buffer.AsSpan(0, Length);

    public void Clear() => Length = 0;

    /// <summary>Drops everything behind a length, to try another coding.</summary>
    public void Truncate(int length) => Length = length;

    public byte[] ToArray() => Written.ToArray();

    public void Byte(byte value)
    {
        Reserve(1);
        buffer[Length++] = value;
    }

    public void Varint(ulong value)
    {
        Reserve(10);
        var at = Length;
        while (value >= 0x80)
        {
            buffer[at++] = (byte)(value | 0x80);
            value >>= 7;
        }

        buffer[at++] = (byte)value;
        Length = at;
    }

    public void Varint(long value) => Varint(checked((ulong)value));

    public void Zigzag(long value) => Varint(unchecked((ulong)((value << 1) ^ (value >> 63))));

    public void Fixed32(uint value)
    {
        Reserve(4);
        BinaryPrimitives.WriteUInt32LittleEndian(buffer.AsSpan(Length), value);
        Length += 4;
    }

    public void Float64(double value)
    {
        Reserve(8);
        BinaryPrimitives.WriteDoubleLittleEndian(buffer.AsSpan(Length), value);
        Length += 8;
    }

    public void Bytes(ReadOnlySpan<byte> bytes)
    {
        Reserve(bytes.Length);
        bytes.CopyTo(buffer.AsSpan(Length));
        Length += bytes.Length;
    }

    /// <summary>The <paramref name="count"/> low bytes of a value, lowest first.</summary>
    public void LowBytes(ulong value, int count)
    {
        Reserve(8);
        BinaryPrimitives.WriteUInt64LittleEndian(buffer.AsSpan(Length), value);
        Length += count;
    }

    public void Position(Position position)
    {
        Varint(position.Epoch);
        Varint(position.Sequence);
    }

    /// <summary>UTF-16 code units, so that any string comes back as it was, well-formed or not.</summary>
    public void Text(string text)
    {
        Varint((ulong)text.Length);
        foreach (var unit in text) Varint((ulong)unit);
    }

    /// <summary>Appends the checksum of everything from <paramref name="start"/> on.</summary>
    public void Seal(int start = 0) => Fixed32(Crc32C.Of(Written[start..]));

    private void Reserve(int bytes)
    {
        if (Length + bytes > buffer.Length) Array.Resize(ref buffer, Math.Max(buffer.Length * 2, Length + bytes));
    }
}
