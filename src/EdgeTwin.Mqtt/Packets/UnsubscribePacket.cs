using System.Text;

namespace EdgeTwin.Mqtt.Packets;

/// <summary>UNSUBSCRIBE (§3.10) with one topic filter.</summary>
internal readonly record struct UnsubscribePacket(ushort PacketId, string Filter)
{
    public int RemainingLength => 2 + 2 + Encoding.UTF8.GetByteCount(Filter);

    public void Write(ref MqttWriter writer)
    {
        writer.FixedHeader(MqttPacketType.Unsubscribe, 0b0010, RemainingLength);
        writer.TwoByteInteger(PacketId);
        writer.Utf8String(Filter);
    }
}
