namespace EdgeTwin.Mqtt.Packets;

/// <summary>UNSUBSCRIBE (§3.10) with one topic filter.</summary>
internal readonly record struct UnsubscribePacket(ushort PacketId, string Filter) : IMqttPacket
{
    public MqttPacketType Type => MqttPacketType.Unsubscribe;

    public int Flags => 0b0010;

    public void WriteBody(ref MqttWriter writer)
    {
        writer.TwoByteInteger(PacketId);
        if (writer.HasProperties) writer.Byte(0); // no properties
        writer.Utf8String(Filter);
    }
}
