using System.Runtime.CompilerServices;

namespace EdgeTwin.Journal.Codec;

/// <summary>
/// What a predictor missed by, arithmetically coded. Layout: prediction, base (zigzag), then the coder's bytes. Numbers
/// are taken relative to the base, so that large ones that vary little stay exact in the predictor.
/// </summary>
/// <remarks>
/// Instruments print a fixed number of significant digits, so 0.823535 and 1.01551 come in one series: scaled by 10^6,
/// the second ends in a zero always. In the variant with digits the number of trailing decimal zeros goes first, and
/// the prediction and its miss are then counted in tens, hundreds or thousands.
/// </remarks>
internal static class PredictedSeries
{
    private const int MostZeros = 3;
    private const int MostProbed = 3072;
    private const long MostSpan = 1L << 52;

    private static readonly long[] Powers = [1, 10, 100, 1000];
    private static readonly Prediction[] All = Enum.GetValues<Prediction>();

    public static void Write(ByteWriter writer, ReadOnlySpan<long> series, Numbers numbers, bool withDigits)
    {
        var origin = Origin(series, numbers, withDigits);
        var prediction = Choose(series, numbers, origin);
        writer.Byte((byte)prediction);
        writer.Zigzag(origin);
        var coder = new RangeEncoder(writer);
        var model = new Model(numbers, prediction, withDigits);
        foreach (var number in series) model.Code(ref coder, unchecked(number - origin));
        coder.Finish();
    }

    public static void Read(ref ByteReader reader, Span<long> series, Numbers numbers, bool withDigits)
    {
        var prediction = (Prediction)reader.Byte();
        if (prediction > Prediction.AgileFilter) throw new DamagedDataException(
            $"prediction {(int)prediction} does not exist");
        var origin = reader.Zigzag();
        var coder = new RangeDecoder(reader.Bytes(reader.Remaining));
        var model = new Model(numbers, prediction, withDigits);
        foreach (ref var number in series) number = unchecked(origin + model.Code(ref coder, 0));
    }

    // Ordered bit patterns and digits mean something as they are; other numbers count from the first one.
    private static long Origin(ReadOnlySpan<long> series, Numbers numbers, bool withDigits) =>
        numbers.Kind is NumberKind.Integer && !withDigits ? series[0] : 0;

    private static Prediction Choose(ReadOnlySpan<long> series, Numbers numbers, long origin)
    {
        if (numbers.Kind == NumberKind.Integer && !FitsPredictors(series, origin)) return Prediction.Last;
        var best = Prediction.Last;
        var least = double.MaxValue;
        var probe = series.Length <= MostProbed ? series : series.Slice((series.Length - MostProbed) / 2, MostProbed);
        foreach (var candidate in All)
        {
            var cost = Cost(probe, numbers, origin, candidate);
            if (cost < least) (least, best) = (cost, candidate);
        }

        return best;
    }

    private static bool FitsPredictors(ReadOnlySpan<long> series, long origin)
    {
        foreach (var number in series)
        {
            if (unchecked(number - origin) is < -MostSpan or > MostSpan) return false;
        }

        return true;
    }

    // About the bits that the coder will need: the logarithm of the mean miss, group by group.
    private static double Cost(ReadOnlySpan<long> series, Numbers numbers, long origin, Prediction candidate)
    {
        const int Group = 32;
        var predictor = new Predictor(candidate);
        double cost = 0;
        double misses = 0;
        for (var i = 0; i < series.Length; i++)
        {
            var number = unchecked(series[i] - origin);
            misses += Math.Abs((double)number - numbers.NumberOf(predictor.Predict()));
            predictor.Learn(numbers.ValueOf(number));
            if ((i + 1) % Group != 0) continue;
            cost += Math.Log2((misses / Group) + 0.3);
            misses = 0;
        }

        return cost;
    }

    private sealed class Model(Numbers numbers, Prediction prediction, bool withDigits)
    {
        private readonly Predictor predictor = new(prediction);
        private readonly ResidualModel?[] residuals = new ResidualModel?[MostZeros + 1];
        private readonly BitModel[] zeros = BitModel.Fresh((MostZeros + 1) * (MostZeros + 1) * (MostZeros + 1));
        private int lastZeros;
        private int zerosBefore;
        private long lastNumber;

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public long Code<TCoder>(ref TCoder coder, long number)
            where TCoder : struct, IBitCoder, allows ref struct
        {
            var count = withDigits ? CodeZeros(ref coder, ZerosOf(number)) : 0;
            var power = Powers[count];
            // Whatever the predictor cannot hold exactly is still coded exactly, modulo 2^64.
            var expected = prediction == Prediction.Last ? lastNumber : numbers.NumberOf(predictor.Predict());
            if (power > 1) expected = (long)Math.Round(expected / (double)power);
            if (power > 1) number /= power;
            var model = residuals[count] ??= new ResidualModel();
            number = unchecked((expected + model.Code(ref coder, unchecked(number - expected))) * power);
            if (prediction == Prediction.Last) lastNumber = number;
            else predictor.Learn(numbers.ValueOf(number));
            return number;
        }

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private int CodeZeros<TCoder>(ref TCoder coder, int count)
            where TCoder : struct, IBitCoder, allows ref struct
        {
            var context = ((lastZeros * (MostZeros + 1)) + zerosBefore) * (MostZeros + 1);
            var coded = 0;
            while (coded < MostZeros && coder.Bit(ref zeros[context + coded], count > coded ? 1 : 0) != 0) coded++;
            (lastZeros, zerosBefore) = (coded, lastZeros);
            return coded;
        }

        private static int ZerosOf(long number)
        {
            var count = 0;
            while (count < MostZeros && number != 0 && number % Powers[count + 1] == 0) count++;
            return count;
        }
    }
}
