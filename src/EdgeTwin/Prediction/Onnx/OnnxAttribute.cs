namespace EdgeTwin.Prediction.Onnx;

/// <summary>An integer attribute of an ONNX node: one value, or a list.</summary>
internal readonly record struct OnnxAttribute(string Name, long Value, long[]? List = null);
