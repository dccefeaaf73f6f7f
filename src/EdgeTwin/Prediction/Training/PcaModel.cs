using MathNet.Numerics.LinearAlgebra;

namespace EdgeTwin.Prediction.Training;

/// <summary>
/// A model of normal operation. Features of a window are the mean and the log of the scatter of each tag; principal
/// components span how they vary together. Hotelling's T² measures distance inside that space, Q (squared prediction
/// error) distance from it (Jackson, A User's Guide to Principal Components, 1991, ch. 1-2). Their contributions per
/// tag are reconstruction based (Alcala and Qin, Automatica 45, 2009), which never blames a tag with a negative share.
/// </summary>
internal sealed class PcaModel
{
    /// <summary>Scatter below this share of the usual one counts as none; a still, quantised signal is no
    /// event.</summary>
    private const double LeastScatter = 0.3;
    private const double LimitQuantile = 0.01;

    private readonly int tags;
    private readonly int window;

    private PcaModel(int tags, int window)
    {
        this.tags = tags;
        this.window = window;
    }

    public int Features => 2 * tags;

    /// <summary>Squared scatter that is added to every variance, one for each tag.</summary>
    public double[] VarianceFloor { get; private set; } = [];

    public double[] Center { get; private set; } = [];

    public double[] InverseScale { get; private set; } = [];

    /// <summary>Features x components.</summary>
    public double[,] Loadings { get; private set; } = new double[0, 0];

    /// <summary>Variance along each component.</summary>
    public double[] Variances { get; private set; } = [];

    public double ExplainedVariance { get; private set; }

    /// <summary>T² at which the score is 1.</summary>
    public double T2Limit { get; private set; }

    /// <summary>Q at which the score is 1.</summary>
    public double QLimit { get; private set; }

    public int Components => Variances.Length;

    /// <summary>Computes the components and preliminary limits from the first <paramref name="count"/>
    /// windows.</summary>
    public static PcaModel Fit(WindowSet windows, int tags, int count, double explainedVariance)
    {
        var model = new PcaModel(tags, windows.Window);
        model.FitFloor(windows, count);
        var features = new double[count][];
        for (var i = 0; i < count; i++) features[i] = model.FeaturesOf(windows.Values(i));
        model.FitScale(features);
        model.FitComponents(features, explainedVariance);
        model.FitLimits(features);
        return model;
    }

    /// <summary>Moves both limits so that a score of <paramref name="score"/> becomes 1.</summary>
    public void Rescale(double score)
    {
        T2Limit = Significant(T2Limit * score * score);
        QLimit = Significant(QLimit * score * score);
    }

    /// <summary>The score alone.</summary>
    public double Score(double[] values)
    {
        var (t2, q) = Statistics(Scaled(FeaturesOf(values)));
        return Math.Sqrt(Math.Max(t2 / T2Limit, q / QLimit));
    }

    /// <summary>All that the graph computes: score, T², Q, cause (0 none, else tag + 1), then the contribution of each
    /// tag.</summary>
    public double[] Compute(double[] values)
    {
        var z = Scaled(FeaturesOf(values));
        var (t2, q) = Statistics(z);
        var score = Math.Sqrt(Math.Max(t2 / T2Limit, q / QLimit));
        var alarm = score > 1 ? 1.0 : 0.0;
        var index = CombinedIndex();
        var contributions = new double[tags];
        for (var i = 0; i < Features; i++)
        {
            var along = 0.0;
            for (var j = 0; j < Features; j++) along += z[j] * index[j, i];
            contributions[i % tags] += along * along / index[i, i];
        }

        var sum = contributions.Sum();
        var cause = Array.IndexOf(contributions, contributions.Max()) + 1;
        return [score, t2, q, cause * alarm, .. contributions.Select(c => c / sum * alarm)];
    }

    /// <summary>Projection onto the components' space: features x features.</summary>
    public double[,] Projection() => Combine((_, _) => 1, 0);

    /// <summary>The matrix of T²/limit + Q/limit as one quadratic form (Yue and Qin 2001): features x
    /// features.</summary>
    public double[,] CombinedIndex() => Combine((k, _) => 1 / (Variances[k] * T2Limit) - 1 / QLimit, 1 / QLimit);

    private double[,] Combine(Func<int, int, double> weight, double diagonal)
    {
        var matrix = new double[Features, Features];
        for (var i = 0; i < Features; i++)
        {
            for (var j = 0; j < Features; j++)
            {
                var sum = i == j ? diagonal : 0;
                for (var k = 0; k < Components; k++) sum += Loadings[i, k] * Loadings[j, k] * weight(k, i);
                matrix[i, j] = sum;
            }
        }

        return matrix;
    }

    private double[] FeaturesOf(double[] values)
    {
        var features = new double[Features];
        for (var tag = 0; tag < tags; tag++)
        {
            var (mean, variance) = MeanAndVariance(values, tag);
            features[tag] = mean;
            features[tags + tag] = 0.5 * Math.Log(variance + VarianceFloor[tag]);
        }

        return features;
    }

    private (double Mean, double Variance) MeanAndVariance(double[] values, int tag)
    {
        var mean = 0.0;
        for (var row = 0; row < window; row++) mean += values[row * tags + tag];
        mean /= window;
        var variance = 0.0;
        for (var row = 0; row < window; row++)
        {
            var distance = values[row * tags + tag] - mean;
            variance += distance * distance;
        }

        return (mean, variance / window);
    }

    private double[] Scaled(double[] features)
    {
        var z = new double[Features];
        for (var i = 0; i < Features; i++) z[i] = (features[i] - Center[i]) * InverseScale[i];
        return z;
    }

    private (double T2, double Q) Statistics(double[] z)
    {
        var t2 = 0.0;
        var residual = (double[])z.Clone();
        for (var k = 0; k < Components; k++)
        {
            var t = 0.0;
            for (var i = 0; i < Features; i++) t += z[i] * Loadings[i, k];
            t2 += t * t / Variances[k];
            for (var i = 0; i < Features; i++) residual[i] -= t * Loadings[i, k];
        }

        return (t2, residual.Sum(r => r * r));
    }

    private void FitFloor(WindowSet windows, int count)
    {
        VarianceFloor = new double[tags];
        for (var i = 0; i < count; i++)
        {
            var values = windows.Values(i);
            for (var tag = 0; tag < tags; tag++) VarianceFloor[tag] += MeanAndVariance(values, tag).Variance / count;
        }

        for (var tag = 0; tag < tags; tag++) VarianceFloor[tag] =
            Significant(VarianceFloor[tag] * LeastScatter * LeastScatter);
    }

    private void FitScale(double[][] features)
    {
        Center = new double[Features];
        InverseScale = new double[Features];
        for (var i = 0; i < Features; i++)
        {
            var mean = features.Average(f => f[i]);
            var variance = features.Average(f => (f[i] - mean) * (f[i] - mean));
            Center[i] = Significant(mean);
            InverseScale[i] = variance > 0 ? Significant(1 / Math.Sqrt(variance)) : 0;
        }
    }

    private void FitComponents(double[][] features, double explainedVariance)
    {
        // The singular vectors of the correlation matrix are those of the data, at a cost that does not grow with the
        // rows.
        var correlation = Matrix<double>.Build.Dense(Features, Features);
        foreach (var row in features)
        {
            var z = Scaled(row);
            for (var i = 0; i < Features; i++)
            {
                for (var j = 0; j < Features; j++) correlation[i, j] += z[i] * z[j] / features.Length;
            }
        }

        var svd = correlation.Svd();
        var total = svd.S.Sum();
        var count = 1;
        while (count < Features - 1 && svd.S.Take(count).Sum() < explainedVariance * total) count++;
        ExplainedVariance = svd.S.Take(count).Sum() / total;
        Variances = [.. svd.S.Take(count).Select(Significant)];
        Loadings = new double[Features, count];
        for (var k = 0; k < count; k++)
        {
            // A singular vector is known up to its sign; the largest element is made positive.
            var vector = svd.U.Column(k);
            var sign = Math.Sign(vector[vector.AbsoluteMaximumIndex()]);
            for (var i = 0; i < Features; i++) Loadings[i, k] = Significant(sign * vector[i]);
        }
    }

    private void FitLimits(double[][] features)
    {
        var statistics = features.Select(f => Statistics(Scaled(f))).ToList();
        double[] t2 = [.. statistics.Select(s => s.T2).Order()];
        double[] q = [.. statistics.Select(s => s.Q).Order()];
        T2Limit = Significant(TailQuantile.Estimate(t2, LimitQuantile));
        QLimit = Significant(TailQuantile.Estimate(q, LimitQuantile));
    }

    /// <summary>
    /// Nine significant digits, for every number that goes into a package: more than the data carries, and few enough
    /// that the last bit of a logarithm on another machine does not change the file.
    /// </summary>
    public static double Significant(double value) => double.Parse(value.ToString("E8"));
}
