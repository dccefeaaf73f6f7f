using System.Buffers.Binary;

namespace EdgeTwin.Journal.Codec;

/// <summary>Reads the primitives of the format; every length is checked before it is used.</summary>
internal ref struct ByteReader(ReadOnlySpan<byte> bytes)
{
    private readonly ReadOnlySpan<byte> bytes = bytes;
    private int at;

    public readonly int Remaining => bytes.Length - at;

    /// <summary>A reader over the body of sealed bytes.</summary>
    /// <exception cref="DamagedDataException">The checksum is wrong.</exception>
    public static ByteReader Unseal(ReadOnlySpan<byte> sealedBytes) => Crc32C.Holds(sealedBytes)
        ? new ByteReader(sealedBytes[..^4])
        : throw new DamagedDataException("checksum is wrong");

    public void Expect(byte kind, byte version)
    {
        if (Byte() != kind || Byte() != version) throw new DamagedDataException("unknown kind or version");
    }

    public byte Byte() => at < bytes.Length ? bytes[at++] : throw TooShort();

    public ulong Varint()
    {
        ulong value = 0;
        for (var shift = 0; shift < 64; shift += 7)
        {
            var next = Byte();
            value |= (ulong)(next & 0x7F) << shift;
            if (next < 0x80) return value;
        }

        throw new DamagedDataException("number is longer than 64 bits");
    }

    public long Zigzag()
    {
        var value = Varint();
        return unchecked((long)(value >> 1) ^ -(long)(value & 1));
    }

    /// <summary>A count that must not exceed a limit.</summary>
    public int Count(int most)
    {
        var value = Varint();
        return value <= (ulong)most ? (int)value : throw new DamagedDataException($"count {value} is above {most}");
    }

    public double Float64()
    {
        var value = BinaryPrimitives.ReadDoubleLittleEndian(Bytes(8));
        return value;
    }

    public ReadOnlySpan<byte> Bytes(int count)
    {
        if (count > Remaining) throw TooShort();
        var taken = bytes.Slice(at, count);
        at += count;
        return taken;
    }

    public ulong LowBytes(int count)
    {
        ulong value = 0;
        var taken = Bytes(count);
        for (var i = 0; i < taken.Length; i++) value |= (ulong)taken[i] << (8 * i);
        return value;
    }

    public Position Position() => new(checked((long)Varint()), checked((long)Varint()));

    public string Text(int mostUnits)
    {
        var units = new char[Count(mostUnits)];
        for (var i = 0; i < units.Length; i++) units[i] = (char)Count(char.MaxValue);
        return new string(units);
    }

    private static DamagedDataException TooShort() => new("bytes end too early");
}
