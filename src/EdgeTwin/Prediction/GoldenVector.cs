namespace EdgeTwin.Prediction;

/// <summary>An input with the outputs that the trainer computed for it without the graph.</summary>
/// <param name="Input">Window x tags, oldest row first, raw engineering units.</param>
/// <param name="Outputs">One number for each output of the manifest, in its order.</param>
internal sealed record GoldenVector(double[] Input, double[] Outputs);
