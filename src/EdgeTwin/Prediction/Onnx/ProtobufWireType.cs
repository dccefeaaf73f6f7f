namespace EdgeTwin.Prediction.Onnx;

/// <summary>How the bytes of a protobuf field are delimited.</summary>
internal enum ProtobufWireType
{
    Varint = 0,
    Fixed64 = 1,
    LengthDelimited = 2,
    Fixed32 = 5,
}
