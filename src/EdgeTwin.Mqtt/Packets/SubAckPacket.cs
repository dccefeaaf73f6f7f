namespace EdgeTwin.Mqtt.Packets;

/// <summary>SUBACK (§3.9) for a SUBSCRIBE with one filter.</summary>
/// <param name="PacketId">Of the SUBSCRIBE.</param>
/// <param name="ReturnCode">Granted QoS 0–2, or 0x80 for a refusal.</param>
internal readonly record struct SubAckPacket(ushort PacketId, byte ReturnCode)
{
    public const byte Failure = 0x80;

    public static SubAckPacket Read(ref MqttReader reader)
    {
        var id = reader.PacketIdentifier();
        var code = reader.Byte();
        if (code is not (0 or 1 or 2 or Failure)) throw MqttException.Malformed($"SUBACK with return code 0x{code:X2}");
        reader.End(); // one filter was asked for, so one code comes back
        return new SubAckPacket(id, code);
    }
}
