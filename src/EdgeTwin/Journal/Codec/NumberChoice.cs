using EdgeTwin.Tags;

namespace EdgeTwin.Journal.Codec;

/// <summary>Finds out what kind of whole numbers express a chunk's values best.</summary>
internal static class NumberChoice
{
    private const int Probes = 64;
    private const int ExceptionsAllowed = 16;

    /// <param name="type">The only type of the values; None when they are mixed.</param>
    /// <param name="bits">Their bit patterns.</param>
    public static Numbers Choose(TagDataType type, ReadOnlySpan<long> bits)
    {
        if (type is not (TagDataType.Float32 or TagDataType.Float64)
            || bits.IsEmpty) return new Numbers(NumberKind.Integer, 0);
        var most = type == TagDataType.Float32 ? 10 : Numbers.MostDecimals;
        for (var decimals = 0; decimals <= most; decimals++)
        {
            var candidate = new Numbers(NumberKind.Decimal, decimals);
            if (Fits(candidate, type, bits, Math.Max(1, bits.Length / Probes))
                && Fits(candidate, type, bits, 1)) return Widest(candidate, type, bits, most);
        }

        var ordered = new Numbers(type == TagDataType.Float32 ? NumberKind.Ordered32 : NumberKind.Ordered64, 0);
        return Fits(ordered, type, bits, 1) ? ordered : new Numbers(NumberKind.Integer, 0);
    }

    // A few more decimals may spare most exceptions, each of which costs some ten bytes.
    private static Numbers Widest(Numbers found, TagDataType type, ReadOnlySpan<long> bits, int most)
    {
        var best = found;
        var fewest = Exceptions(found, type, bits, 1);
        for (var decimals = found.Decimals + 1; fewest > bits.Length / 256
            && decimals <= Math.Min(most, found.Decimals + 3); decimals++)
        {
            var candidate = new Numbers(NumberKind.Decimal, decimals);
            var exceptions = Exceptions(candidate, type, bits, 1);
            if (exceptions < fewest) (fewest, best) = (exceptions, candidate);
        }

        return best;
    }

    private static bool Fits(Numbers candidate, TagDataType type, ReadOnlySpan<long> bits, int stride) =>
        Exceptions(candidate, type, bits, stride) <= bits.Length / stride / ExceptionsAllowed;

    private static int Exceptions(Numbers candidate, TagDataType type, ReadOnlySpan<long> bits, int stride)
    {
        var exceptions = 0;
        for (var i = 0; i < bits.Length; i += stride)
        {
            if (!candidate.TryFromBits(type, bits[i], out _)) exceptions++;
        }

        return exceptions;
    }
}
