using System.Runtime.CompilerServices;

namespace EdgeTwin.Journal.Codec;

/// <summary>
/// A column as runs of equal steps: a scan's tag numbers are one run of step 1, a constant quality is one of step 0.
/// </summary>
internal static class Runs
{
    public static void Write(ByteWriter writer, ReadOnlySpan<long> column)
    {
        long previous = 0;
        for (var i = 0; i < column.Length;)
        {
            var step = unchecked(column[i] - previous);
            previous = column[i];
            var start = i++;
            while (i < column.Length && unchecked(column[i] - previous) == step) previous = column[i++];
            writer.Zigzag(step);
            writer.Varint((ulong)(i - start));
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Read(ref ByteReader reader, Span<long> column)
    {
        long value = 0;
        for (var i = 0; i < column.Length;)
        {
            var step = reader.Zigzag();
            var length = reader.Count(column.Length - i);
            if (length == 0) throw new DamagedDataException("empty run");
            for (var end = i + length; i < end; i++) column[i] = value = unchecked(value + step);
        }
    }
}
