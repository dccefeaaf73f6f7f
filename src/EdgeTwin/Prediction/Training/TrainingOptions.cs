namespace EdgeTwin.Prediction.Training;

/// <summary>How a model of normal operation is trained.</summary>
internal sealed record TrainingOptions
{
    /// <summary>Rows in a window; mean and scatter over it are what the model looks at. 2 … 10,000.</summary>
    public int Window { get; init; } = 10;

    /// <summary>Time from one row to the next; null takes the median of the data.</summary>
    public TimeSpan? Period { get; init; }

    /// <summary>Share of the variance that the principal components explain, 0.5 … 0.9999.</summary>
    public double ExplainedVariance { get; init; } = 0.95;

    /// <summary>Share of normal windows that may pass the threshold, 0.000001 … 0.1.</summary>
    public double FalseAlarmRate { get; init; } = 0.001;

    /// <summary>Share of the data, the latest, that the threshold is set with and that the components never see, 0.1 …
    /// 0.6.</summary>
    public double HeldBack { get; init; } = 0.3;

    /// <summary>Factor on the threshold for normal operation that the data does not show, 1 … 10; 1 is none.</summary>
    public double Margin { get; init; } = 1;

    /// <summary>Version of the package, for people.</summary>
    public string Version { get; init; } = "1";

    /// <exception cref="ModelException">A value is outside its range.</exception>
    public void Check()
    {
        Check(nameof(Window), Window, 2, 10_000);
        Check(nameof(ExplainedVariance), ExplainedVariance, 0.5, 0.9999);
        Check(nameof(FalseAlarmRate), FalseAlarmRate, 1e-6, 0.1);
        Check(nameof(HeldBack), HeldBack, 0.1, 0.6);
        Check(nameof(Margin), Margin, 1, 10);
        if (Period is { } period && (period < TimeSpan.FromMilliseconds(1) || period > TimeSpan.FromDays(1)))
            throw new ModelException($"training: the period {period} is outside 1 ms - 1 day");
    }

    private static void Check(string option, double value, double low, double high)
    {
        if (!(value >= low
            && value <= high)) throw new ModelException($"training: {option} {value:R} is outside {low:R}-{high:R}");
    }
}
