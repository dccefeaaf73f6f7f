using System.Numerics;
using System.Runtime.CompilerServices;

namespace EdgeTwin.Journal.Codec;

/// <summary>
/// Codes what a predictor missed by. Noise has a size that changes slowly, so the size is estimated from the residuals
/// before; the part of a residual that is large against it is coded with learnt probabilities, the rest, where all
/// values are about equally likely, as plain bits.
/// </summary>
/// <remarks>
/// With a = running mean of |residual| and shift = log2(a) − 3, |residual| = high × 2^shift + low. high + 1 is coded as
/// its bit length (unary) and the bits below its leading one, the first three of them learnt. Contexts: where a lies
/// within its octave while shift is 0 (then it decides what the distribution looks like), and whether the last few
/// residuals were small, usual or large against a. Here and in the other inner loops of the codec the compiler is told
/// to optimise at once: a query of a short-lived process is over before it would do so by itself.
/// </remarks>
internal sealed class ResidualModel
{
    private const int Fraction = 8;
    private const int SlowRate = 5;
    private const int FastRate = 2;
    private const int Scales = 16;
    private const int Trends = 3;
    private const int Lengths = 64;
    private const int Prefixes = 8;

    private readonly BitModel[] lengths = BitModel.Fresh(Scales * Trends * Lengths);
    private readonly BitModel[] prefixes = BitModel.Fresh(Scales * Lengths * Prefixes);
    private readonly BitModel[] signs = BitModel.Fresh(3);
    private ulong slow = 16UL << Fraction;
    private ulong fast = 16UL << Fraction;
    private int seen;
    private int lastSign;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public long Code<TCoder>(ref TCoder coder, long residual)
        where TCoder : struct, IBitCoder, allows ref struct
    {
        var size = BitOperations.Log2((slow >> (Fraction - 3)) | 1);
        var shift = Math.Max(0, size - 6);
        var scale = Scale(size);
        var magnitude = unchecked((ulong)(residual < 0 ? -residual : residual));
        var high = CodeHigh(ref coder, magnitude >> shift, scale, (scale * Trends) + Trend());
        magnitude = (high << shift) | coder.Raw(magnitude & ((1UL << shift) - 1), shift);
        Learn(magnitude);
        if (magnitude == 0)
        {
            lastSign = 0;
            return 0;
        }

        var negative = coder.Bit(ref signs[lastSign], residual < 0 ? 1 : 0);
        lastSign = negative + 1;
        return unchecked(negative != 0 ? -(long)magnitude : (long)magnitude);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private ulong CodeHigh<TCoder>(ref TCoder coder, ulong high, int scale, int context)
        where TCoder : struct, IBitCoder, allows ref struct
    {
        var offset = high + 1;
        var length = 0;
        while (length < Lengths - 1
            && coder.Bit(ref lengths[(context * Lengths) + length], offset >> (length + 1) != 0 ? 1 : 0) != 0) length++;
        var value = 1UL;
        var learnt = Math.Min(3, length);
        for (var i = 1; i <= learnt; i++)
        {
            ref var model = ref prefixes[(((scale * Lengths) + length) * Prefixes) + (int)value];
            value = (value << 1) | (uint)coder.Bit(ref model, (int)(offset >> (length - i)) & 1);
        }

        var rest = length - learnt;
        return ((value << rest) | coder.Raw(offset & ((1UL << rest) - 1), rest)) - 1;
    }

    // While shift is 0 the very size of the noise matters; above, everything is relative. Half octaves in both.
    private int Scale(int size) => (2 * Math.Min(size, 7)) + (int)((slow >> (size + Fraction - 4)) & 1);

    private int Trend() => fast < slow - (slow >> 2) ? 0 : fast > slow + (slow >> 2) ? 2 : 1;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Learn(ulong magnitude)
    {
        var scaled = Math.Min(magnitude, 1UL << 52) << Fraction;
        if (seen < 1 << SlowRate)
        {
            var rate = (ulong)++seen;
            slow = scaled >= slow ? slow + ((scaled - slow) / rate) : slow - ((slow - scaled) / rate);
        }
        else
        {
            slow = scaled >= slow ? slow + ((scaled - slow) >> SlowRate) : slow - ((slow - scaled) >> SlowRate);
        }

        fast = scaled >= fast ? fast + ((scaled - fast) >> FastRate) : fast - ((fast - scaled) >> FastRate);
    }
}
