using System.Numerics;
using System.Runtime.CompilerServices;

namespace EdgeTwin.Journal.Codec;

/// <summary>
/// For series with few distinct numbers: their sorted list (as packed deltas), then for each number its place in the
/// list, bit by bit from the highest, with probabilities learnt per prefix; when the list is short also per place
/// before.
/// </summary>
internal static class DictionarySeries
{
    private const int MostEntries = 4096;
    private const int MostEntriesWithContext = 16;

    public static bool TryWrite(ByteWriter writer, ReadOnlySpan<long> series, int bestSoFar)
    {
        var places = new Dictionary<long, int>();
        foreach (var value in series)
        {
            places.TryAdd(value, 0);
            if (places.Count > MostEntries || places.Count > 16 + (series.Length / 2)) return false;
        }

        var entries = places.Keys.ToArray();
        Array.Sort(entries);
        for (var i = 0; i < entries.Length; i++) places[entries[i]] = i;
        writer.Varint((ulong)entries.Length);
        SeriesCodec.Write(writer, entries, new Numbers(NumberKind.Integer, 0), Effort.Fast);
        if (writer.Length >= bestSoFar) return false;
        var coder = new RangeEncoder(writer);
        var model = new PlaceModel(entries.Length);
        foreach (var value in series) model.Code(ref coder, places[value]);
        coder.Finish();
        return true;
    }

    public static void Read(ref ByteReader reader, Span<long> series)
    {
        var entries = new long[reader.Count(MostEntries)];
        SeriesCodec.Read(ref reader, entries, new Numbers(NumberKind.Integer, 0));
        var coder = new RangeDecoder(reader.Bytes(reader.Remaining));
        var model = new PlaceModel(entries.Length);
        foreach (ref var value in series)
        {
            var place = model.Code(ref coder, 0);
            value = place < entries.Length ? entries[place]
                : throw new DamagedDataException("place is beyond the list");
        }
    }

    private sealed class PlaceModel
    {
        private readonly int bits;
        private readonly BitModel[] models;
        private readonly bool withContext;
        private int previous;

        public PlaceModel(int entries)
        {
            bits = entries <= 1 ? 0 : BitOperations.Log2((uint)(entries - 1)) + 1;
            withContext = entries <= MostEntriesWithContext;
            models = BitModel.Fresh(withContext ? 1 << (2 * bits) : 1 << bits);
        }

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public int Code<TCoder>(ref TCoder coder, int place)
            where TCoder : struct, IBitCoder, allows ref struct
        {
            var context = withContext ? previous << bits : 0;
            var prefix = 1;
            for (var i = bits - 1; i >= 0; i--)
                prefix = (prefix << 1) | coder.Bit(ref models[context + prefix], (place >> i) & 1);
            return previous = prefix - (1 << bits);
        }
    }
}
