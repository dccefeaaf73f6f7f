using System.Numerics;

namespace EdgeTwin.Upstream.Audit;

/// <summary>Which sequences of one epoch were seen: a bit each, in pages, so that a hole costs nothing. A page that is
/// full costs nothing either.</summary>
internal sealed class PlaceSet
{
    private const int PageBits = 1 << 16;
    private static readonly ulong[] Full = [];
    private readonly SortedDictionary<long, ulong[]> pages = [];
    private readonly Dictionary<long, int> missing = [];

    public long Count { get; private set; }

    /// <summary>The largest sequence; 0 when there is none.</summary>
    public long Last { get; private set; }

    /// <summary>Pages that take memory.</summary>
    public int OpenPages => missing.Count;

    /// <summary>False when it was there already.</summary>
    public bool Add(long sequence)
    {
        var number = sequence / PageBits;
        var at = (int)(sequence % PageBits);
        if (!pages.TryGetValue(number, out var page))
        {
            pages[number] = page = new ulong[PageBits / 64];
            missing[number] = PageBits;
        }

        if (page.Length == 0 || (page[at / 64] & (1ul << at)) != 0) return false;
        page[at / 64] |= 1ul << at;
        Count++;
        Last = Math.Max(Last, sequence);
        if (--missing[number] > 0) return true;
        missing.Remove(number);
        pages[number] = Full;
        return true;
    }

    /// <summary>How many from a first to a last sequence are there.</summary>
    public long CountIn(long first, long last)
    {
        var count = 0L;
        foreach (var (number, page) in pages)
        {
            var from = Math.Max(first, number * PageBits);
            var to = Math.Min(last, (number + 1) * PageBits - 1);
            if (from > to) continue;
            if (page.Length == 0) count += to - from + 1;
            else count += CountIn(page, (int)(from % PageBits), (int)(to % PageBits));
        }

        return count;
    }

    /// <summary>The stretches from a first to a last sequence that are not there, in order.</summary>
    public IEnumerable<(long First, long Last)> GapsIn(long first, long last)
    {
        while (first <= last)
        {
            first = Next(first, last, there: false);
            if (first > last) yield break;
            var end = Next(first, last, there: true);
            yield return (first, end - 1);
            first = end;
        }
    }

    private static int CountIn(ulong[] page, int from, int to)
    {
        var count = 0;
        for (var word = from / 64; word <= to / 64; word++)
        {
            var bits = page[word];
            if (word == from / 64) bits &= ulong.MaxValue << from;
            if (word == to / 64) bits &= ulong.MaxValue >> (63 - to % 64);
            count += BitOperations.PopCount(bits);
        }

        return count;
    }

    // The first sequence from one on that is there, or is not; beyond the last when there is none.
    private long Next(long from, long last, bool there)
    {
        while (from <= last)
        {
            var number = from / PageBits;
            var end = (number + 1) * PageBits;
            if (!pages.TryGetValue(number, out var page) || page.Length == 0)
            {
                if (page is not null == there) return from;
                from = end;
                continue;
            }

            var at = (int)(from % PageBits);
            var bits = (there ? page[at / 64] : ~page[at / 64]) & (ulong.MaxValue << at);
            if (bits != 0) return Math.Min(last + 1, from - at % 64 + BitOperations.TrailingZeroCount(bits));
            from += 64 - at % 64;
        }

        return last + 1;
    }
}
