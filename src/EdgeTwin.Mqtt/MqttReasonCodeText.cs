namespace EdgeTwin.Mqtt;

/// <summary>Reason codes for people, and which packet may carry which.</summary>
public static class MqttReasonCodeText
{
    // MQTT 5.0 §2.4, table 2-6: the columns of the packets that a client receives.
    private static readonly MqttReasonCode[] ConnAck =
    [
        MqttReasonCode.Success, MqttReasonCode.UnspecifiedError, MqttReasonCode.MalformedPacket,
        MqttReasonCode.ProtocolError, MqttReasonCode.ImplementationSpecificError,
        MqttReasonCode.UnsupportedProtocolVersion, MqttReasonCode.ClientIdentifierNotValid,
        MqttReasonCode.BadUserNameOrPassword, MqttReasonCode.NotAuthorized, MqttReasonCode.ServerUnavailable,
        MqttReasonCode.ServerBusy, MqttReasonCode.Banned, MqttReasonCode.BadAuthenticationMethod,
        MqttReasonCode.TopicNameInvalid, MqttReasonCode.PacketTooLarge, MqttReasonCode.QuotaExceeded,
        MqttReasonCode.PayloadFormatInvalid, MqttReasonCode.RetainNotSupported, MqttReasonCode.QosNotSupported,
        MqttReasonCode.UseAnotherServer, MqttReasonCode.ServerMoved, MqttReasonCode.ConnectionRateExceeded,
    ];

    // The last one is not in the table: mosquitto 2.0 says so of a message beyond its message_size_limit.
    private static readonly MqttReasonCode[] PubAckOrPubRec =
    [
        MqttReasonCode.Success, MqttReasonCode.NoMatchingSubscribers, MqttReasonCode.UnspecifiedError,
        MqttReasonCode.ImplementationSpecificError, MqttReasonCode.NotAuthorized, MqttReasonCode.TopicNameInvalid,
        MqttReasonCode.PacketIdentifierInUse, MqttReasonCode.QuotaExceeded, MqttReasonCode.PayloadFormatInvalid,
        MqttReasonCode.PacketTooLarge,
    ];

    private static readonly MqttReasonCode[] PubRelOrPubComp =
        [MqttReasonCode.Success, MqttReasonCode.PacketIdentifierNotFound];

    private static readonly MqttReasonCode[] SubAck =
    [
        MqttReasonCode.Success, MqttReasonCode.GrantedQos1, MqttReasonCode.GrantedQos2,
        MqttReasonCode.UnspecifiedError, MqttReasonCode.ImplementationSpecificError, MqttReasonCode.NotAuthorized,
        MqttReasonCode.TopicFilterInvalid, MqttReasonCode.PacketIdentifierInUse, MqttReasonCode.QuotaExceeded,
        MqttReasonCode.SharedSubscriptionsNotSupported, MqttReasonCode.SubscriptionIdentifiersNotSupported,
        MqttReasonCode.WildcardSubscriptionsNotSupported,
    ];

    private static readonly MqttReasonCode[] UnsubAck =
    [
        MqttReasonCode.Success, MqttReasonCode.NoSubscriptionExisted, MqttReasonCode.UnspecifiedError,
        MqttReasonCode.ImplementationSpecificError, MqttReasonCode.NotAuthorized, MqttReasonCode.TopicFilterInvalid,
        MqttReasonCode.PacketIdentifierInUse,
    ];

    private static readonly MqttReasonCode[] Disconnect =
    [
        MqttReasonCode.Success, MqttReasonCode.UnspecifiedError, MqttReasonCode.MalformedPacket,
        MqttReasonCode.ProtocolError, MqttReasonCode.ImplementationSpecificError, MqttReasonCode.NotAuthorized,
        MqttReasonCode.ServerBusy, MqttReasonCode.ServerShuttingDown, MqttReasonCode.KeepAliveTimeout,
        MqttReasonCode.SessionTakenOver, MqttReasonCode.TopicFilterInvalid, MqttReasonCode.TopicNameInvalid,
        MqttReasonCode.ReceiveMaximumExceeded, MqttReasonCode.TopicAliasInvalid, MqttReasonCode.PacketTooLarge,
        MqttReasonCode.MessageRateTooHigh, MqttReasonCode.QuotaExceeded, MqttReasonCode.AdministrativeAction,
        MqttReasonCode.PayloadFormatInvalid, MqttReasonCode.RetainNotSupported, MqttReasonCode.QosNotSupported,
        MqttReasonCode.UseAnotherServer, MqttReasonCode.ServerMoved, MqttReasonCode.SharedSubscriptionsNotSupported,
        MqttReasonCode.ConnectionRateExceeded, MqttReasonCode.MaximumConnectTime,
        MqttReasonCode.SubscriptionIdentifiersNotSupported, MqttReasonCode.WildcardSubscriptionsNotSupported,
    ];

    /// <summary>Whether the code says that something was refused or went wrong.</summary>
    public static bool IsFailure(this MqttReasonCode code) => (byte)code >= 0x80;

    /// <summary>The code in plain words, with what to do where that is known.</summary>
    public static string Describe(this MqttReasonCode code) => code switch
    {
        MqttReasonCode.Success => "done",
        MqttReasonCode.GrantedQos1 => "subscribed with QoS 1",
        MqttReasonCode.GrantedQos2 => "subscribed with QoS 2",
        MqttReasonCode.DisconnectWithWillMessage => "disconnected, and the last will shall speak",
        MqttReasonCode.NoMatchingSubscribers => "accepted, but nobody has subscribed to the topic",
        MqttReasonCode.NoSubscriptionExisted => "there was no such subscription",
        MqttReasonCode.ContinueAuthentication => "authentication goes on",
        MqttReasonCode.ReAuthenticate => "authenticate once more",
        MqttReasonCode.UnspecifiedError => "the broker refused and does not say why; its log may",
        MqttReasonCode.MalformedPacket => "a packet has bytes that MQTT does not allow",
        MqttReasonCode.ProtocolError => "a packet came at a wrong time or says what it must not say",
        MqttReasonCode.ImplementationSpecificError => "valid, but the broker does not want it; its log may say why",
        MqttReasonCode.UnsupportedProtocolVersion => "the broker does not speak this version of MQTT",
        MqttReasonCode.ClientIdentifierNotValid => "the broker does not accept this client id",
        MqttReasonCode.BadUserNameOrPassword => "user name or password is wrong",
        MqttReasonCode.NotAuthorized => "the broker does not authorise this client; see the broker's access list",
        MqttReasonCode.ServerUnavailable => "the broker is not available",
        MqttReasonCode.ServerBusy => "the broker is busy; try again later",
        MqttReasonCode.Banned => "the broker has barred this client",
        MqttReasonCode.ServerShuttingDown => "the broker shuts down",
        MqttReasonCode.BadAuthenticationMethod => "the broker does not know the authentication method",
        MqttReasonCode.KeepAliveTimeout => "the broker heard nothing for one and a half keep-alive intervals",
        MqttReasonCode.SessionTakenOver =>
            "another connection uses the same client id; give each client an id of its own",
        MqttReasonCode.TopicFilterInvalid => "the broker does not accept the topic filter",
        MqttReasonCode.TopicNameInvalid => "the broker does not accept the topic",
        MqttReasonCode.PacketIdentifierInUse => "a packet identifier is in use; the session's two sides disagree",
        MqttReasonCode.PacketIdentifierNotFound => "a packet identifier is not known; the session's two sides disagree",
        MqttReasonCode.ReceiveMaximumExceeded => "more messages in flight than the receive maximum allows",
        MqttReasonCode.TopicAliasInvalid => "a topic alias of 0 or above the maximum",
        MqttReasonCode.PacketTooLarge => "a packet is larger than the receiver's maximum packet size",
        MqttReasonCode.MessageRateTooHigh => "messages come faster than the receiver allows",
        MqttReasonCode.QuotaExceeded => "a quota of the broker is used up",
        MqttReasonCode.AdministrativeAction => "an administrator ended the connection",
        MqttReasonCode.PayloadFormatInvalid => "the payload is not the UTF-8 text that it was said to be",
        MqttReasonCode.RetainNotSupported => "the broker keeps no messages; publish without retain",
        MqttReasonCode.QosNotSupported => "the broker does not support this quality of service; use a lower one",
        MqttReasonCode.UseAnotherServer => "the broker wants this client to use another server for now",
        MqttReasonCode.ServerMoved => "the broker has moved; use another server from now on",
        MqttReasonCode.SharedSubscriptionsNotSupported => "the broker has no shared subscriptions",
        MqttReasonCode.ConnectionRateExceeded => "too many connections in a short time; wait longer in between",
        MqttReasonCode.MaximumConnectTime => "the longest connection time is over",
        MqttReasonCode.SubscriptionIdentifiersNotSupported => "the broker has no subscription identifiers",
        MqttReasonCode.WildcardSubscriptionsNotSupported => "the broker has no subscriptions with wildcards",
        _ => "a code that MQTT does not define",
    };

    /// <summary>The words and the code: <c>the broker is busy; try again later (0x89 ServerBusy)</c>.</summary>
    internal static string WithCode(this MqttReasonCode code) => $"{code.Describe()} (0x{(byte)code:X2} {code})";

    /// <summary>Whether the broker may send this code in that packet.</summary>
    internal static bool IsAllowedIn(this MqttReasonCode code, MqttPacketType packet) => packet switch
    {
        MqttPacketType.ConnAck => ConnAck.Contains(code),
        MqttPacketType.PubAck or MqttPacketType.PubRec => PubAckOrPubRec.Contains(code),
        MqttPacketType.PubRel or MqttPacketType.PubComp => PubRelOrPubComp.Contains(code),
        MqttPacketType.SubAck => SubAck.Contains(code),
        MqttPacketType.UnsubAck => UnsubAck.Contains(code),
        MqttPacketType.Disconnect => Disconnect.Contains(code),
        _ => false,
    };
}
