namespace EdgeTwin.Prediction;

/// <summary>
/// What a model package says of itself. It lies as JSON under the key <c>edgetwin</c> of the ONNX
/// <c>metadata_props</c>, or with the same keys in <c>name.yaml</c> beside <c>name.onnx</c>.
/// </summary>
internal sealed record ModelManifest
{
    /// <summary>Key in the ONNX metadata.</summary>
    public const string MetadataKey = "edgetwin";

    public required ModelKind Kind { get; init; }

    /// <summary>Version of the model, for people.</summary>
    public string Version { get; init; } = "1";

    /// <summary>What made the model.</summary>
    public string Trainer { get; init; } = "";

    /// <summary>Graph input that takes the window: 1 x window x tags, or 1 x tags when the window is 1 row.</summary>
    public required string Tensor { get; init; }

    /// <summary>Rows in a window.</summary>
    public required int Window { get; init; }

    /// <summary>Time from one row to the next.</summary>
    public required TimeSpan Period { get; init; }

    /// <summary>How far ahead the outputs look; zero is now.</summary>
    public TimeSpan Horizon { get; init; }

    /// <summary>In the order of the tensor's last dimension.</summary>
    public required IReadOnlyList<ModelInput> Inputs { get; init; }

    public required IReadOnlyList<ModelOutput> Outputs { get; init; }

    public IReadOnlyList<ModelThreshold> Thresholds { get; init; } = [];

    public IReadOnlyList<GoldenVector> Golden { get; init; } = [];

    /// <summary>Null where the trainer did not say.</summary>
    public TrainingSpan? Data { get; init; }
}
