using System.Numerics;

namespace EdgeTwin.Journal.Codec;

/// <summary>Differences to the number before, zigzag, in groups of 64: one byte for the width, then the bits, lowest
/// first.</summary>
internal static class PackedDeltas
{
    private const int Group = 64;

    public static void Write(ByteWriter writer, ReadOnlySpan<long> series)
    {
        Span<ulong> group = stackalloc ulong[Group];
        long previous = 0;
        for (var at = 0; at < series.Length; at += Group)
        {
            var count = Math.Min(Group, series.Length - at);
            ulong all = 0;
            for (var i = 0; i < count; i++)
            {
                var delta = unchecked(series[at + i] - previous);
                previous = series[at + i];
                group[i] = unchecked((ulong)((delta << 1) ^ (delta >> 63)));
                all |= group[i];
            }

            var width = 64 - BitOperations.LeadingZeroCount(all);
            writer.Byte((byte)width);
            Pack(writer, group[..count], width);
        }
    }

    public static void Read(ref ByteReader reader, Span<long> series)
    {
        long previous = 0;
        for (var at = 0; at < series.Length; at += Group)
        {
            var count = Math.Min(Group, series.Length - at);
            var width = reader.Byte();
            if (width > 64) throw new DamagedDataException($"width {width} is above 64");
            var bits = reader.Bytes(((count * width) + 7) / 8);
            for (var i = 0; i < count; i++)
            {
                var value = Unpack(bits, i * width, width);
                previous = unchecked(previous + ((long)(value >> 1) ^ -(long)(value & 1)));
                series[at + i] = previous;
            }
        }
    }

    private static void Pack(ByteWriter writer, ReadOnlySpan<ulong> values, int width)
    {
        UInt128 held = 0;
        var bits = 0;
        foreach (var value in values)
        {
            held |= (UInt128)value << bits;
            for (bits += width; bits >= 8; bits -= 8)
            {
                writer.Byte((byte)held);
                held >>= 8;
            }
        }

        if (bits > 0) writer.Byte((byte)held);
    }

    private static ulong Unpack(ReadOnlySpan<byte> bytes, int bit, int width)
    {
        UInt128 held = 0;
        var first = bit / 8;
        var last = (bit + width + 7) / 8;
        for (var i = last - 1; i >= first; i--) held = (held << 8) | bytes[i];
        held >>= bit % 8;
        return width == 64 ? (ulong)held : (ulong)held & ((1UL << width) - 1);
    }
}
