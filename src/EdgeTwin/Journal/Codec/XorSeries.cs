using System.Numerics;

namespace EdgeTwin.Journal.Codec;

/// <summary>
/// XOR with the number before, after Gorilla (Pelkonen et al., VLDB 2015), in whole bytes: control byte
/// (trailing zero bytes × 16 + bytes that follow), then those bytes.
/// </summary>
internal static class XorSeries
{
    public static void Write(ByteWriter writer, ReadOnlySpan<long> series)
    {
        long previous = 0;
        foreach (var value in series)
        {
            WriteOne(writer, unchecked((ulong)(value ^ previous)));
            previous = value;
        }
    }

    public static void Read(ref ByteReader reader, Span<long> series)
    {
        long previous = 0;
        foreach (ref var value in series) value = previous ^= ReadOne(ref reader);
    }

    public static void WriteOne(ByteWriter writer, ulong difference)
    {
        if (difference == 0)
        {
            writer.Byte(0);
            return;
        }

        var trailing = BitOperations.TrailingZeroCount(difference) / 8;
        var length = 8 - (BitOperations.LeadingZeroCount(difference) / 8) - trailing;
        writer.Byte((byte)((trailing << 4) | length));
        writer.LowBytes(difference >> (8 * trailing), length);
    }

    public static long ReadOne(ref ByteReader reader)
    {
        var control = reader.Byte();
        var trailing = control >> 4;
        var length = control & 15;
        if (trailing + length > 8) throw new DamagedDataException("number is longer than 64 bits");
        return length == 0 ? 0 : unchecked((long)(reader.LowBytes(length) << (8 * trailing)));
    }
}
