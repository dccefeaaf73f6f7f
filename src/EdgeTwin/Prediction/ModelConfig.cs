namespace EdgeTwin.Prediction;

/// <summary>A model package that runs on the live twin; its outputs become tags named <c>model.output</c>.</summary>
internal sealed record ModelConfig
{
    /// <summary>Path of the <c>.onnx</c> package, relative to the configuration file.</summary>
    public required string Package { get; init; }

    /// <summary>Tag for each model input that is named differently in this gateway (model input: tag).</summary>
    public IReadOnlyDictionary<string, string> Inputs { get; init; } = new Dictionary<string, string>();
}
