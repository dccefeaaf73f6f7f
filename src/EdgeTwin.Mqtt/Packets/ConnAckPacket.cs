namespace EdgeTwin.Mqtt.Packets;

/// <summary>CONNACK (§3.2).</summary>
/// <param name="SessionPresent">The broker remembers the session of this client id.</param>
/// <param name="ReturnCode">0 accepted, 1–5 refused.</param>
internal readonly record struct ConnAckPacket(bool SessionPresent, byte ReturnCode)
{
    public static ConnAckPacket Read(ref MqttReader reader)
    {
        var acknowledgeFlags = reader.Byte();
        if (acknowledgeFlags > 1) throw MqttException.Malformed($"CONNACK with reserved flags 0x{acknowledgeFlags:X2}");
        var returnCode = reader.Byte();
        if (returnCode > 5) throw MqttException.Malformed($"CONNACK with the reserved return code {returnCode}");
        if (returnCode != 0 && acknowledgeFlags != 0) // [MQTT-3.2.2-4]
            throw MqttException.Malformed("CONNACK that refuses and yet has a session");
        reader.End();
        return new ConnAckPacket(acknowledgeFlags == 1, returnCode);
    }

    /// <summary>Table 3.1 in words, with what to do.</summary>
    public static string Describe(byte returnCode) => returnCode switch
    {
        1 => "the broker does not speak MQTT 3.1.1",
        2 => "the broker does not accept this client id",
        3 => "the broker is not available",
        4 => "user name or password is wrong",
        5 => "the broker does not authorise this client",
        _ => $"the broker refused with code {returnCode}",
    };
}
