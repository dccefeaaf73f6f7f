using EdgeTwin.Prediction.Onnx;
using EdgeTwin.Tags;

namespace EdgeTwin.Prediction.Training;

/// <summary>
/// Trains a model of normal operation and exports it as a package. The data is split by time: the earlier part gives
/// the components, the later part, which they never saw, the threshold. The same data and options give the same bytes.
/// </summary>
internal static class Trainer
{
    private const int FewestWindowsPerFeature = 5;
    private const double FewestIndependentWindows = 10;
    private const int GoldenNormal = 2;
    private const string Producer = "EdgeTwin";
    private const string Method = "EdgeTwin PCA 1";

    /// <summary>Trains on rows of normal operation.</summary>
    /// <param name="data">Rows in order of time.</param>
    /// <param name="options">How to train.</param>
    /// <param name="progress">0 … 1.</param>
    /// <exception cref="ModelException">
    /// Too little data, or the exported graph does not compute what the trainer does.
    /// </exception>
    public static TrainingResult Train(TrainingData data, TrainingOptions options, IProgress<double>? progress = null)
    {
        options.Check();
        MathNet.Numerics.Control.UseSingleThread(); // sums in one order, whatever the number of cores
        List<string> warnings = [];
        var columns = VaryingColumns(data, warnings);
        var period = options.Period ?? data.MedianPeriod();
        var windows = WindowSet.Create(data, columns, options.Window, period);
        var (fitCount, heldBackFrom) = Split(windows, options, columns.Length);
        progress?.Report(0.2);

        var model = PcaModel.Fit(windows, columns.Length, fitCount, options.ExplainedVariance);
        progress?.Report(0.6);
        var heldBack = Enumerable.Range(heldBackFrom, windows.Count - heldBackFrom)
            .Select(i => model.Score(windows.Values(i))).Order().ToArray();
        model.Rescale(TailQuantile.Estimate(heldBack, options.FalseAlarmRate) * options.Margin);
        progress?.Report(0.8);

        var threshold = Judge(model, windows, heldBackFrom, options, warnings, out var alarmRate);
        var manifest = Manifest(data, columns, model, windows, heldBackFrom, options, period, threshold);
        var graph = PcaGraph.Build(model, options.Window, columns.Length);
        graph.Metadata(ModelManifest.MetadataKey, ManifestWriter.Write(manifest));
        var package = graph.ToBytes(Producer, options.Version);
        var difference = LargestDifference(package, model);
        progress?.Report(1);
        return new TrainingResult(package, new TrainingReport
        {
            Rows = data.Rows,
            SkippedRows = data.SkippedRows,
            Period = period,
            FitWindows = fitCount,
            HeldBackWindows = heldBack.Length,
            Components = model.Components,
            ExplainedVariance = model.ExplainedVariance,
            T2Limit = model.T2Limit,
            QLimit = model.QLimit,
            Threshold = threshold,
            HeldBackAlarmRate = alarmRate,
            GraphDifference = difference,
            Warnings = warnings,
        });
    }

    private static int[] VaryingColumns(TrainingData data, List<string> warnings)
    {
        List<int> varying = [];
        for (var column = 0; column < data.Columns.Count; column++)
        {
            var range = Range(data, column);
            if (range.Span > 0) varying.Add(column);
            else warnings.Add($"tag '{data.Columns[column].Name}' never changes in the training data and was left out");
        }

        if (varying.Count == 0) throw new ModelException(
            "training: no tag changes in the data; nothing can be learnt from it");
        return [.. varying];
    }

    private static (int FitCount, int HeldBackFrom) Split(WindowSet windows, TrainingOptions options, int tags)
    {
        var fit = (int)(windows.Count * (1 - options.HeldBack));
        // Windows that overlap the fit part are neither fitted nor held back.
        var from = fit + options.Window - 1;
        var needed = FewestWindowsPerFeature * 2 * tags;
        if (fit < needed || windows.Count - from < FewestIndependentWindows)
        {
            throw new ModelException(
                $"training: {windows.Count} windows of {options.Window} rows are too few for {tags} tags; at least "
                + $"{Math.Ceiling(needed / (1 - options.HeldBack)) + options.Window * 2} rows of normal operation "
                + $"without long gaps are needed");
        }

        return (fit, from);
    }

    private static ModelThreshold Judge(
        PcaModel model, WindowSet windows, int from, TrainingOptions options, List<string> warnings,
        out double alarmRate)
    {
        var count = windows.Count - from;
        var alarms = Enumerable.Range(from, count).Count(i => model.Score(windows.Values(i)) > 1);
        alarmRate = alarms / (double)count;
        var independent = Math.Floor(count / (double)options.Window);
        if (independent * options.FalseAlarmRate < 1)
        {
            warnings.Add(
                $"a false-alarm rate of {options.FalseAlarmRate:R} is an extrapolation from {independent} "
                    + $"independent windows; "
                + $"{Math.Ceiling(options.Window / options.FalseAlarmRate / options.HeldBack)} rows would show it");
        }

        return new ModelThreshold
        {
            Output = PcaGraph.Score,
            Value = 1,
            FalseAlarmRate = options.FalseAlarmRate,
            IndependentWindows = independent,
            UpperBound = PcaModel.Significant(TailQuantile.UpperBound(Math.Ceiling(alarms / (double)options.Window),
            independent)),
        };
    }

    private static ModelManifest Manifest(
        TrainingData data, int[] columns, PcaModel model, WindowSet windows, int heldBackFrom, TrainingOptions options,
        TimeSpan period, ModelThreshold threshold)
    {
        ModelInput[] inputs = [.. columns.Select(c => new ModelInput
        {
            Name = data.Columns[c].Name, Unit = data.Columns[c].Unit, Range = Widened(Range(data, c)),
        })];
        return new ModelManifest
        {
            Kind = ModelKind.AnomalyDetection,
            Version = options.Version,
            Trainer = Method,
            Tensor = PcaGraph.Input,
            Window = options.Window,
            Period = period,
            Inputs = inputs,
            Outputs = Outputs(inputs),
            Thresholds = [threshold],
            Golden = Golden(model, windows, heldBackFrom, inputs),
            Data = new TrainingSpan(data.Time(0), data.Time(data.Rows - 1), data.Rows, data.Sha256()),
        };
    }

    private static ModelOutput[] Outputs(ModelInput[] inputs) =>
    [
        new() { Name = "score", Tensor = PcaGraph.Score, Deadband = 0.01, Description =
            "Distance from normal operation; 1 is the threshold." },
        new() { Name = "t2", Tensor = PcaGraph.T2, Deadband = 0.1, Description =
        "Hotelling's T²: unusual, but tags still agree with each other." },
        new() { Name = "q", Tensor = PcaGraph.Q, Deadband = 0.01, Description =
        "Squared prediction error: tags no longer agree with each other." },
        new()
        {
            Name = "cause", Tensor = PcaGraph.Cause, Type = TagDataType.String, Labels =
                ["", .. inputs.Select(i => i.Name)],
            Description = "The tag that contributes most while the score is above the threshold.",
        },
        .. inputs.Select((input, i) => new ModelOutput
        {
            Name = $"contribution.{input.Name}", Tensor = PcaGraph.Contribution, Index = i, Deadband = 0.02,
            Description = $"Share of '{input.Name}' in a score above the threshold, 0 … 1.",
        }),
        new() { Name = "threshold", Constant = 1, Description = "The score that normal operation seldom passes." },
    ];

    /// <summary>Held-back windows as they are, and one for each tag with that tag driven out of its range.</summary>
    private static GoldenVector[] Golden(PcaModel model, WindowSet windows, int from, ModelInput[] inputs)
    {
        List<double[]> chosen = [];
        var count = windows.Count - from;
        for (var i = 0; i < GoldenNormal; i++) chosen.Add(windows.Values(from + i * (count - 1) / (GoldenNormal - 1)));
        for (var tag = 0; tag < inputs.Length; tag++)
        {
            var values = windows.Values(from);
            for (var row = 0; row < windows.Window; row++) values[row * inputs.Length
                + tag] += inputs[tag].Range!.Value.Span * (1 + row % 2);
            chosen.Add(values);
        }

        return [.. chosen.Select(v => new GoldenVector(v, [.. model.Compute(v).Select(PcaModel.Significant), 1]))];
    }

    private static double LargestDifference(ReadOnlyMemory<byte> bytes, PcaModel model)
    {
        var package = ModelPackage.Load("the new package", bytes);
        package.VerifyGolden();
        using var session = OnnxSession.Create(package);
        var outputs = new double[package.Manifest.Outputs.Count];
        var largest = 0.0;
        foreach (var golden in package.Manifest.Golden)
        {
            session.Run(golden.Input, outputs);
            var expected = model.Compute(golden.Input);
            for (var i = 0; i < expected.Length; i++)
                largest = Math.Max(largest, Math.Abs(outputs[i] - expected[i]) / Math.Max(Math.Abs(expected[i]), 1e-9));
        }

        return largest;
    }

    private static ValueRange Range(TrainingData data, int column)
    {
        var (low, high) = (double.MaxValue, double.MinValue);
        for (var row = 0; row < data.Rows; row++)
        {
            var value = data.Value(row, column);
            if (double.IsNaN(value)) continue;
            low = Math.Min(low, value);
            high = Math.Max(high, value);
        }

        return low > high ? default : new ValueRange(low, high);
    }

    /// <summary>A tenth of the range on either side, because the extremes of more data lie a little further
    /// out.</summary>
    private static ValueRange Widened(ValueRange range) => new(
        PcaModel.Significant(range.Low - range.Span / 10), PcaModel.Significant(range.High + range.Span / 10));
}
