using EdgeTwin.Tags;

namespace EdgeTwin.Prediction;

/// <summary>How a model is doing, for people and for the status command.</summary>
internal sealed record PredictorStatus
{
    public required string Model { get; init; }

    public required string Version { get; init; }

    /// <summary>Of the package, in hexadecimal.</summary>
    public required string Sha256 { get; init; }

    /// <summary>Status of the outputs.</summary>
    public required StatusCode Status { get; init; }

    /// <summary>Why the status is not good; empty when it is.</summary>
    public required string Reason { get; init; }

    /// <summary>Windows inferred since the start.</summary>
    public required long Inferences { get; init; }

    /// <summary>Windows that a newer one replaced before the worker came to them.</summary>
    public required long Replaced { get; init; }

    public required long Failures { get; init; }

    /// <summary>Time of the last inference, UTC; null before the first.</summary>
    public DateTime? LastInference { get; init; }

    public TimeSpan LastDuration { get; init; }
}
