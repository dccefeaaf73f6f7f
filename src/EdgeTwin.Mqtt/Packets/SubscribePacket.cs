using System.Text;

namespace EdgeTwin.Mqtt.Packets;

/// <summary>SUBSCRIBE (§3.8) with one topic filter.</summary>
internal readonly record struct SubscribePacket(ushort PacketId, string Filter, MqttQos Qos)
{
    public int RemainingLength => 2 + 2 + Encoding.UTF8.GetByteCount(Filter) + 1;

    public void Write(ref MqttWriter writer)
    {
        writer.FixedHeader(MqttPacketType.Subscribe, 0b0010, RemainingLength);
        writer.TwoByteInteger(PacketId);
        writer.Utf8String(Filter);
        writer.Byte((byte)Qos);
    }
}
