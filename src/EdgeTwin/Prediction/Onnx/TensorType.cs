namespace EdgeTwin.Prediction.Onnx;

/// <summary>Element types of ONNX tensors that a package may use at its edges (<c>TensorProto.DataType</c>).</summary>
internal enum TensorType
{
    Unknown = 0,
    Float32 = 1,
    Int32 = 6,
    Int64 = 7,
    Bool = 9,
    Float64 = 11,
}
