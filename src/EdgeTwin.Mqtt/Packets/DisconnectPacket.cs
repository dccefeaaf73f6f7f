namespace EdgeTwin.Mqtt.Packets;

/// <summary>DISCONNECT (§3.14): in MQTT 5.0 with a reason code, from either side.</summary>
internal readonly record struct DisconnectPacket(MqttReasonCode Reason) : IMqttPacket
{
    public string? ReasonString { get; init; }

    public string? ServerReference { get; init; }

    public MqttPacketType Type => MqttPacketType.Disconnect;

    public int Flags => 0;

    public void WriteBody(ref MqttWriter writer)
    {
        if (writer.HasProperties && Reason != MqttReasonCode.Success) writer.Byte((byte)Reason);
    }

    public static DisconnectPacket Read(ref MqttReader reader)
    {
        if (reader.Remaining == 0) return new DisconnectPacket(MqttReasonCode.Success); // §3.14.2.1
        var reason = ReasonFields.Code(MqttPacketType.Disconnect, ref reader);
        string? reasonString = null;
        string? serverReference = null;
        var properties = reader.Remaining == 0 ? default : reader.Properties();
        while (properties.Next())
        {
            switch (properties.Id)
            {
                case MqttProperty.ReasonString:
                    reasonString = properties.Text();
                    break;
                case MqttProperty.ServerReference:
                    serverReference = properties.Text();
                    break;
                case MqttProperty.UserProperty:
                    properties.SkipUserProperty();
                    break;
                default: // also the session expiry, which only a client sends [MQTT-3.14.2-2]
                    throw properties.NotAllowed(MqttPacketType.Disconnect);
            }
        }
        reader.End();
        return new DisconnectPacket(reason) { ReasonString = reasonString, ServerReference = serverReference };
    }
}
