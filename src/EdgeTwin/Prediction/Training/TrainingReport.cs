namespace EdgeTwin.Prediction.Training;

/// <summary>What a training found, for the person who started it.</summary>
internal sealed record TrainingReport
{
    public required int Rows { get; init; }

    public required int SkippedRows { get; init; }

    public required TimeSpan Period { get; init; }

    /// <summary>Windows that the components were computed from.</summary>
    public required int FitWindows { get; init; }

    /// <summary>Windows that the threshold was set with.</summary>
    public required int HeldBackWindows { get; init; }

    public required int Components { get; init; }

    /// <summary>Share of the variance that the components explain, 0 … 1.</summary>
    public required double ExplainedVariance { get; init; }

    public required double T2Limit { get; init; }

    public required double QLimit { get; init; }

    public required ModelThreshold Threshold { get; init; }

    /// <summary>Share of the held-back windows that pass the threshold, 0 … 1.</summary>
    public required double HeldBackAlarmRate { get; init; }

    /// <summary>Largest relative difference between the exported graph and the computation here, over the golden
    /// vectors.</summary>
    public required double GraphDifference { get; init; }

    /// <summary>What the person should know: tags left out, too little data.</summary>
    public required IReadOnlyList<string> Warnings { get; init; }
}
