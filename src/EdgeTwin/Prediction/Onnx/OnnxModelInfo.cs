namespace EdgeTwin.Prediction.Onnx;

/// <summary>What an ONNX file says about itself, read without creating a session.</summary>
internal sealed record OnnxModelInfo
{
    public required long IrVersion { get; init; }

    public required string Producer { get; init; }

    public required IReadOnlyList<TensorInfo> Inputs { get; init; }

    public required IReadOnlyList<TensorInfo> Outputs { get; init; }

    public required IReadOnlyDictionary<string, string> Metadata { get; init; }
}
