namespace EdgeTwin.Mqtt.Packets;

/// <summary>SUBACK (§3.9) and UNSUBACK (§3.11) for a request with one filter. UNSUBACK of MQTT 3.1.1 has no
/// code.</summary>
/// <param name="PacketId">Of the request.</param>
/// <param name="Reason">Granted QoS 0–2 or Success, or why it is refused.</param>
/// <param name="ReasonString">What the broker says about it; null for nothing.</param>
internal readonly record struct SubAckPacket(ushort PacketId, MqttReasonCode Reason, string? ReasonString)
{
    public static SubAckPacket Read(MqttPacketType type, ref MqttReader reader)
    {
        var id = reader.PacketIdentifier();
        var text = ReasonFields.Properties(type, ref reader);
        var code = type == MqttPacketType.UnsubAck && !reader.HasProperties
            ? MqttReasonCode.Success
            : ReasonFields.Code(type, ref reader);
        reader.End(); // one filter was asked for, so one code comes back
        if (!reader.HasProperties && code is > MqttReasonCode.GrantedQos2 and not MqttReasonCode.UnspecifiedError)
            throw MqttException.Malformed($"SUBACK with return code 0x{(byte)code:X2}"); // 3.1.1: [MQTT-3.9.3-2]
        return new SubAckPacket(id, code, text);
    }
}
