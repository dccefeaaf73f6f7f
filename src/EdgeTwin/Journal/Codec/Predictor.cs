using System.Runtime.CompilerServices;

namespace EdgeTwin.Journal.Codec;

/// <summary>
/// Guesses the next value of a series. Uses only additions, multiplications, divisions and rounding of Float64 in a
/// fixed order, which IEEE 754 defines to the last bit, so that every machine guesses alike.
/// </summary>
/// <remarks>The filters are normalised least mean squares (Widrow and Hoff 1960; Nagumo and Noda 1967) around a running
/// mean.</remarks>
internal sealed class Predictor(Prediction kind)
{
    private const int Taps = 16;
    private const double MeanRate = 1.0 / 64;

    private readonly double[] weights = new double[Taps];
    private readonly double[] history = new double[Taps];
    private double last;
    private double beforeLast;
    private double mean;
    private double filtered;
    private int seen;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public double Predict() => seen == 0 ? 0 : kind switch
    {
        Prediction.Last => last,
        Prediction.Line => seen == 1 ? last : last + (last - beforeLast),
        Prediction.Filter or Prediction.AgileFilter => mean + (filtered = Filter()),
        _ => mean,
    };

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Learn(double value)
    {
        switch (kind)
        {
            case Prediction.Last or Prediction.Line:
                beforeLast = last;
                last = value;
                break;
            case Prediction.Filter:
                Adapt(value, 0.05);
                break;
            case Prediction.AgileFilter:
                Adapt(value, 0.3);
                break;
            default:
                Follow(value, kind == Prediction.Mean4 ? 0.25 : kind == Prediction.Mean16 ? 1.0 / 16 : 1.0 / 64);
                break;
        }

        if (seen < int.MaxValue) seen++;
    }

    private void Follow(double value, double rate)
    {
        var quick = 1.0 / (seen + 1);
        mean += (quick > rate ? quick : rate) * (value - mean);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private double Filter()
    {
        double sum = 0;
        for (var i = 0; i < Taps; i++) sum += weights[i] * history[i];
        return sum;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Adapt(double value, double rate)
    {
        if (seen > 0)
        {
            var miss = value - mean - filtered;
            double power = 1e-9;
            for (var i = 0; i < Taps; i++) power += history[i] * history[i];
            var step = rate * miss / power;
            for (var i = 0; i < Taps; i++) weights[i] += step * history[i];
            Array.Copy(history, 0, history, 1, Taps - 1);
            history[0] = value - mean;
        }

        Follow(value, MeanRate);
    }
}
