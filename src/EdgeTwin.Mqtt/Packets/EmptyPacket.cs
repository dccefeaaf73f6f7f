namespace EdgeTwin.Mqtt.Packets;

/// <summary>A packet of nothing but a fixed header: PINGREQ.</summary>
internal readonly record struct EmptyPacket(MqttPacketType Type) : IMqttPacket
{
    public int Flags => 0;

    public void WriteBody(ref MqttWriter writer)
    {
    }
}
