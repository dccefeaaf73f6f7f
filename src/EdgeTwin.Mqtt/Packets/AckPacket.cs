namespace EdgeTwin.Mqtt.Packets;

/// <summary>PUBACK, PUBREC, PUBREL and PUBCOMP (§3.4–3.7): packet identifier; in MQTT 5.0 a reason code and properties,
/// both left out when there is nothing to say.</summary>
internal readonly record struct AckPacket(MqttPacketType Type, ushort PacketId) : IMqttPacket
{
    public MqttReasonCode Reason { get; init; }

    /// <summary>What the broker says about the reason; null for nothing.</summary>
    public string? ReasonString { get; init; }

    public int Flags => Type == MqttPacketType.PubRel ? 0b0010 : 0; // [MQTT-3.6.1-1]

    public void WriteBody(ref MqttWriter writer)
    {
        writer.TwoByteInteger(PacketId);
        if (writer.HasProperties && Reason != MqttReasonCode.Success) writer.Byte((byte)Reason);
    }

    public static AckPacket Read(MqttPacketType type, ref MqttReader reader)
    {
        var id = reader.PacketIdentifier();
        if (!reader.HasProperties || reader.Remaining == 0) // §3.4.2.1: no reason code is Success
        {
            reader.End();
            return new AckPacket(type, id);
        }
        var reason = ReasonFields.Code(type, ref reader);
        var text = reader.Remaining == 0 ? null : ReasonFields.Properties(type, ref reader);
        reader.End();
        return new AckPacket(type, id) { Reason = reason, ReasonString = text };
    }
}
