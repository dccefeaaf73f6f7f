using EdgeTwin.Tags;

namespace EdgeTwin.Journal.Codec;

/// <summary>
/// The whole numbers that stand for a chunk's values: integers themselves, decimals scaled by a power of ten, or bit
/// patterns of floating-point numbers in the order of their values. Predictors work on values, coders on numbers.
/// </summary>
/// <param name="Kind">What the numbers are.</param>
/// <param name="Decimals">Digits behind the point, for decimals.</param>
internal readonly record struct Numbers(NumberKind Kind, int Decimals)
{
    /// <summary>Beyond this, Float64 does not hold every integer.</summary>
    public const double MostExact = 1L << 53;

    private static readonly double[] Powers =
        [1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17];

    public static int MostDecimals => Powers.Length - 1;

    /// <summary>The value that a predictor sees for a number.</summary>
    public double ValueOf(long number) => Kind switch
    {
        NumberKind.Ordered64 => BitConverter.Int64BitsToDouble(Unorder(number)),
        NumberKind.Ordered32 => BitConverter.Int32BitsToSingle((int)Unorder32(number)),
        _ => number,
    };

    /// <summary>The number that is nearest to a predicted value.</summary>
    public long NumberOf(double value)
    {
        if (!double.IsFinite(value)) return 0;
        return Kind switch
        {
            NumberKind.Ordered64 => Order(BitConverter.DoubleToInt64Bits(value)),
            NumberKind.Ordered32 => Order32(BitConverter.SingleToInt32Bits((float)value)),
            _ => value is >= -MostExact and <= MostExact ? (long)Math.Round(value) : 0,
        };
    }

    /// <summary>The number of a sample's bits; false when the value cannot be had back from it bit for bit.</summary>
    public bool TryFromBits(TagDataType type, long bits, out long number)
    {
        switch (Kind)
        {
            case NumberKind.Ordered64:
                number = Order(bits);
                return double.IsFinite(BitConverter.Int64BitsToDouble(bits));
            case NumberKind.Ordered32:
                number = Order32(unchecked((int)bits));
                return float.IsFinite(BitConverter.Int32BitsToSingle(unchecked((int)bits)));
            case NumberKind.Decimal:
                return TryScale(type, bits, out number);
            default:
                number = bits;
                return true;
        }
    }

    public long ToBits(TagDataType type, long number) => Kind switch
    {
        NumberKind.Ordered64 => Unorder(number),
        NumberKind.Ordered32 => unchecked((uint)Unorder32(number)),
        NumberKind.Decimal when type == TagDataType.Float32 =>
        BitConverter.SingleToUInt32Bits((float)(number / Powers[Decimals])),
        NumberKind.Decimal => BitConverter.DoubleToInt64Bits(number / Powers[Decimals]),
        _ => number,
    };

    private bool TryScale(TagDataType type, long bits, out long number)
    {
        var value = type == TagDataType.Float32
            ? BitConverter.UInt32BitsToSingle(unchecked((uint)bits))
            : BitConverter.Int64BitsToDouble(bits);
        // The shortest decimal of a Float32 is found from its own digits; its Float64 neighbour would show binary dust.
        var scaled = Math.Round(value * Powers[Decimals]);
        number = scaled is > -MostExact and < MostExact ? (long)scaled : 0;
        return scaled is > -MostExact and < MostExact && ToBits(type, number) == bits;
    }

    private static long Order(long bits) => bits ^ ((bits >> 63) & long.MaxValue);

    private static long Unorder(long number) => number ^ ((number >> 63) & long.MaxValue);

    private static long Order32(int bits) => bits ^ ((bits >> 31) & int.MaxValue);

    private static long Unorder32(long number) =>
        unchecked((int)number) ^ ((unchecked((int)number) >> 31) & int.MaxValue);
}
