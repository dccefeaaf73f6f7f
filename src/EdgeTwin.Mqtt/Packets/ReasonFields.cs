namespace EdgeTwin.Mqtt.Packets;

/// <summary>Reason code and the properties that explain it, which most answers of MQTT 5.0 share.</summary>
internal static class ReasonFields
{
    /// <summary>One reason code that the packet may carry.</summary>
    public static MqttReasonCode Code(MqttPacketType packet, ref MqttReader reader)
    {
        var code = (MqttReasonCode)reader.Byte();
        if (!Enum.IsDefined(code))
            throw MqttException.Malformed($"{packet} with the reason code 0x{(byte)code:X2}, which does not exist");
        return code.IsAllowedIn(packet)
            ? code
            : throw MqttException.Violation($"{packet} with the reason code 0x{(byte)code:X2}, which it cannot have");
    }

    /// <summary>Properties of which only the reason string matters.</summary>
    public static string? Properties(MqttPacketType packet, ref MqttReader reader)
    {
        string? reason = null;
        var properties = reader.Properties();
        while (properties.Next())
        {
            switch (properties.Id)
            {
                case MqttProperty.ReasonString:
                    reason = properties.Text();
                    break;
                case MqttProperty.UserProperty:
                    properties.SkipUserProperty();
                    break;
                default:
                    throw properties.NotAllowed(packet);
            }
        }
        return reason;
    }

    /// <summary>A code in words, with what the broker adds.</summary>
    public static string Describe(MqttReasonCode code, string? reasonString) =>
        reasonString is null ? code.WithCode() : $"{code.WithCode()}; it says: {reasonString}";
}
