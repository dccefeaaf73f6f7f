namespace EdgeTwin.Prediction;

/// <summary>A limit for an output, and how often normal operation passes it.</summary>
internal sealed record ModelThreshold
{
    /// <summary>The output that is compared.</summary>
    public required string Output { get; init; }

    public required double Value { get; init; }

    /// <summary>Share of normal windows that the limit was set to let through, 0 … 1.</summary>
    public double FalseAlarmRate { get; init; }

    /// <summary>Independent windows of held-back normal data that the limit was set with.</summary>
    public double IndependentWindows { get; init; }

    /// <summary>With 95 % confidence the true rate on data like the held-back part is below this, 0 … 1.</summary>
    public double UpperBound { get; init; }
}
