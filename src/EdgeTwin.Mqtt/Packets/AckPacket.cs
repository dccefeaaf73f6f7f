namespace EdgeTwin.Mqtt.Packets;

/// <summary>PUBACK and UNSUBACK: nothing but a packet identifier.</summary>
internal readonly record struct AckPacket(ushort PacketId)
{
    public const int RemainingLength = 2;

    public void WritePubAck(ref MqttWriter writer)
    {
        writer.FixedHeader(MqttPacketType.PubAck, 0, RemainingLength);
        writer.TwoByteInteger(PacketId);
    }

    public static AckPacket Read(ref MqttReader reader)
    {
        var id = reader.PacketIdentifier();
        reader.End();
        return new AckPacket(id);
    }
}
