namespace EdgeTwin.Mqtt.Packets;

/// <summary>CONNACK (§3.2): flags, code; in MQTT 5.0 what the broker grants.</summary>
/// <param name="Reason">Success, or why the broker refuses.</param>
/// <param name="Result">What it grants.</param>
internal sealed record ConnAckPacket(MqttReasonCode Reason, MqttConnectResult Result)
{
    public string? ReasonString { get; init; }

    public string? ServerReference { get; init; }

    public static ConnAckPacket Read(ref MqttReader reader)
    {
        var acknowledgeFlags = reader.Byte();
        if (acknowledgeFlags > 1) throw MqttException.Malformed($"CONNACK with reserved flags 0x{acknowledgeFlags:X2}");
        var reason = reader.HasProperties
            ? ReasonFields.Code(MqttPacketType.ConnAck, ref reader)
            : ReturnCode(reader.Byte());
        if (reason.IsFailure() && acknowledgeFlags != 0) // [MQTT-3.2.2-6]
            throw MqttException.Malformed("CONNACK that refuses and yet has a session");
        var packet = ReadProperties(ref reader, reason, acknowledgeFlags == 1);
        reader.End();
        return packet;
    }

    // MQTT 3.1.1 table 3.1, as the reason codes of the same meaning.
    private static MqttReasonCode ReturnCode(byte code) => code switch
    {
        0 => MqttReasonCode.Success,
        1 => MqttReasonCode.UnsupportedProtocolVersion,
        2 => MqttReasonCode.ClientIdentifierNotValid,
        3 => MqttReasonCode.ServerUnavailable,
        4 => MqttReasonCode.BadUserNameOrPassword,
        5 => MqttReasonCode.NotAuthorized,
        _ => throw MqttException.Malformed($"CONNACK with the reserved return code {code}"),
    };

    private static ConnAckPacket ReadProperties(ref MqttReader reader, MqttReasonCode reason, bool sessionPresent)
    {
        string? reasonString = null;
        string? serverReference = null;
        List<MqttUserProperty> userProperties = [];
        var result = new MqttConnectResult { Version = reader.Version, SessionPresent = sessionPresent };
        var properties = reader.Properties();
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
                    userProperties.Add(properties.UserProperty());
                    break;
                case MqttProperty.AuthenticationMethod or MqttProperty.AuthenticationData: // [MQTT-4.12.0-6]
                    throw MqttException.Violation($"the property {properties.Id}, though no authentication began");
                default:
                    result = Grant(result, ref properties);
                    break;
            }
        }
        result = result with { UserProperties = userProperties };
        return new ConnAckPacket(reason, result) { ReasonString = reasonString, ServerReference = serverReference };
    }

    private static MqttConnectResult Grant(MqttConnectResult result, ref MqttPropertyReader properties) =>
        properties.Id switch
        {
            MqttProperty.SessionExpiryInterval => result with { SessionExpiry = properties.Seconds() },
            MqttProperty.ReceiveMaximum =>
                result with { ReceiveMaximum = properties.TwoByteIntegerAboveZero() },
            MqttProperty.MaximumQos =>
                result with { MaximumQos = properties.Flag() ? MqttQos.AtLeastOnce : MqttQos.AtMostOnce },
            MqttProperty.RetainAvailable => result with { RetainAvailable = properties.Flag() },
            MqttProperty.MaximumPacketSize =>
                result with { MaximumPacketSize = properties.FourByteIntegerAboveZero() },
            MqttProperty.AssignedClientIdentifier => result with { AssignedClientId = properties.Text() },
            MqttProperty.TopicAliasMaximum => result with { TopicAliasMaximum = properties.TwoByteInteger() },
            MqttProperty.WildcardSubscriptionAvailable =>
                result with { WildcardSubscriptionsAvailable = properties.Flag() },
            MqttProperty.SubscriptionIdentifierAvailable =>
                result with { SubscriptionIdentifiersAvailable = properties.Flag() },
            MqttProperty.SharedSubscriptionAvailable =>
                result with { SharedSubscriptionsAvailable = properties.Flag() },
            MqttProperty.ServerKeepAlive =>
                result with { KeepAlive = TimeSpan.FromSeconds(properties.TwoByteInteger()) },
            MqttProperty.ResponseInformation => result with { ResponseInformation = properties.Text() },
            _ => throw properties.NotAllowed(MqttPacketType.ConnAck),
        };
}
