namespace EdgeTwin.Mqtt.Packets;

/// <summary>PUBLISH (§3.3): topic, packet identifier for QoS 1, payload. A view; it owns no bytes.</summary>
internal readonly ref struct PublishPacket
{
    public const byte DupFlag = 0x08;
    private const byte RetainFlag = 0x01;

    public required ReadOnlySpan<byte> Topic { get; init; }
    public required ReadOnlySpan<byte> Payload { get; init; }
    public required MqttQos Qos { get; init; }
    public bool Retain { get; init; }
    public bool Dup { get; init; }

    /// <summary>0 for QoS 0, which has none.</summary>
    public ushort PacketId { get; init; }

    public int RemainingLength => 2 + Topic.Length + (Qos == MqttQos.AtMostOnce ? 0 : 2) + Payload.Length;

    public void Write(ref MqttWriter writer)
    {
        var flags = (Dup ? DupFlag : 0) | (int)Qos << 1 | (Retain ? RetainFlag : 0);
        writer.FixedHeader(MqttPacketType.Publish, flags, RemainingLength);
        writer.Utf8String(Topic);
        if (Qos != MqttQos.AtMostOnce) writer.TwoByteInteger(PacketId);
        writer.Bytes(Payload);
    }

    public static PublishPacket Read(int flags, ref MqttReader reader)
    {
        var qos = flags >> 1 & 3;
        if (qos == 3) throw MqttException.Malformed("PUBLISH with QoS 3");
        if (qos == 2) throw MqttException.Violation("PUBLISH with QoS 2, which nobody subscribed to");
        // [MQTT-3.3.1-2]
        if (qos == 0 && (flags & DupFlag) != 0) throw MqttException.Malformed("PUBLISH with QoS 0 and DUP");
        var topic = reader.TopicName();
        var id = qos == 0 ? (ushort)0 : reader.PacketIdentifier();
        return new PublishPacket
        {
            Topic = topic,
            PacketId = id,
            Payload = reader.Rest(),
            Qos = (MqttQos)qos,
            Retain = (flags & RetainFlag) != 0,
            Dup = (flags & DupFlag) != 0,
        };
    }
}
