namespace EdgeTwin.Prediction.Onnx;

/// <summary>An input or output of an ONNX graph.</summary>
/// <param name="Name">As in the graph.</param>
/// <param name="Type">Element type.</param>
/// <param name="Shape">Dimensions; −1 where the graph leaves one open.</param>
internal sealed record TensorInfo(string Name, TensorType Type, IReadOnlyList<long> Shape)
{
    public override string ToString() => $"{Name}[{string.Join(" x ", Shape.Select(d => d < 0 ? "?" : $"{d}"))}]";
}
