namespace EdgeTwin.Mqtt.Sparkplug;

/// <summary>How a field of a protobuf message is laid out: the low three bits of its tag.</summary>
internal enum ProtobufWireType
{
    Varint = 0,
    Fixed64 = 1,
    LengthDelimited = 2,
    Fixed32 = 5,
}
