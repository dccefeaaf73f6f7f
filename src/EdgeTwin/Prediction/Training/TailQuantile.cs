using MathNet.Numerics.Distributions;

namespace EdgeTwin.Prediction.Training;

/// <summary>The score that only a stated share of normal windows passes, from a sample of normal scores.</summary>
internal static class TailQuantile
{
    private const double TailShare = 0.1;
    private const double EnoughExceedances = 10;

    /// <summary>
    /// The empirical quantile where the sample has at least ten scores beyond it; otherwise peaks over the 90 %
    /// quantile with an exponential tail (Coles, An Introduction to Statistical Modeling of Extreme Values, 2001, §4.2,
    /// shape 0).
    /// </summary>
    /// <param name="sorted">Scores in ascending order.</param>
    /// <param name="rate">Share that may pass, 0 … 0.1.</param>
    public static double Estimate(ReadOnlySpan<double> sorted, double rate)
    {
        if (sorted.Length * rate >= EnoughExceedances) return sorted[^(int)Math.Ceiling(sorted.Length * rate)];
        var first = (int)(sorted.Length * (1 - TailShare));
        var limit = sorted[first];
        var excess = 0.0;
        foreach (var score in sorted[first..]) excess += score - limit;
        return limit + excess / (sorted.Length - first) * Math.Log(TailShare / rate);
    }

    /// <summary>
    /// The rate that the true one is below with 95 % confidence, when <paramref name="alarms"/> of
    /// <paramref name="windows"/> independent windows passed (Clopper and Pearson 1934).
    /// </summary>
    public static double UpperBound(double alarms, double windows) =>
        windows <= alarms ? 1 : Beta.InvCDF(alarms + 1, windows - alarms, 0.95);
}
