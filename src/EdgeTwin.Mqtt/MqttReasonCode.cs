namespace EdgeTwin.Mqtt;

/// <summary>What came of a request or why a connection ends (MQTT 5.0 §2.4). From 0x80 on it is a failure. The refusals
/// of MQTT 3.1.1 are told with the code of the same meaning.</summary>
public enum MqttReasonCode : byte
{
    /// <summary>Done; also a normal disconnection and a subscription with QoS 0.</summary>
    Success = 0x00,

    /// <summary>Subscribed with QoS 1.</summary>
    GrantedQos1 = 0x01,

    /// <summary>Subscribed with QoS 2.</summary>
    GrantedQos2 = 0x02,

    /// <summary>Disconnect, and let the last will speak.</summary>
    DisconnectWithWillMessage = 0x04,

    /// <summary>Accepted, but nobody has subscribed to the topic.</summary>
    NoMatchingSubscribers = 0x10,

    /// <summary>There was no such subscription.</summary>
    NoSubscriptionExisted = 0x11,

    /// <summary>Authentication goes on.</summary>
    ContinueAuthentication = 0x18,

    /// <summary>Authenticate once more.</summary>
    ReAuthenticate = 0x19,

    /// <summary>Refused without a reason.</summary>
    UnspecifiedError = 0x80,

    /// <summary>Bytes that the specification does not allow.</summary>
    MalformedPacket = 0x81,

    /// <summary>A valid packet at a wrong time or with wrong contents.</summary>
    ProtocolError = 0x82,

    /// <summary>Valid, but the receiver does not want it.</summary>
    ImplementationSpecificError = 0x83,

    /// <summary>The broker does not speak this version of MQTT.</summary>
    UnsupportedProtocolVersion = 0x84,

    /// <summary>The broker does not accept this client identifier.</summary>
    ClientIdentifierNotValid = 0x85,

    /// <summary>User name or password is wrong.</summary>
    BadUserNameOrPassword = 0x86,

    /// <summary>Not allowed for this client.</summary>
    NotAuthorized = 0x87,

    /// <summary>The broker is not available.</summary>
    ServerUnavailable = 0x88,

    /// <summary>The broker is busy.</summary>
    ServerBusy = 0x89,

    /// <summary>The client is barred by an administrator.</summary>
    Banned = 0x8A,

    /// <summary>The broker shuts down.</summary>
    ServerShuttingDown = 0x8B,

    /// <summary>The authentication method is not supported.</summary>
    BadAuthenticationMethod = 0x8C,

    /// <summary>Nothing was heard for one and a half keep-alive intervals.</summary>
    KeepAliveTimeout = 0x8D,

    /// <summary>Another connection uses the same client identifier.</summary>
    SessionTakenOver = 0x8E,

    /// <summary>The topic filter is not accepted.</summary>
    TopicFilterInvalid = 0x8F,

    /// <summary>The topic is not accepted.</summary>
    TopicNameInvalid = 0x90,

    /// <summary>The packet identifier is in use: the two sides do not agree on the session.</summary>
    PacketIdentifierInUse = 0x91,

    /// <summary>The packet identifier is not known: the two sides do not agree on the session.</summary>
    PacketIdentifierNotFound = 0x92,

    /// <summary>More messages without acknowledgement than the receive maximum.</summary>
    ReceiveMaximumExceeded = 0x93,

    /// <summary>A topic alias of 0 or above the maximum.</summary>
    TopicAliasInvalid = 0x94,

    /// <summary>A packet larger than the receiver's maximum.</summary>
    PacketTooLarge = 0x95,

    /// <summary>Messages come too fast.</summary>
    MessageRateTooHigh = 0x96,

    /// <summary>A quota is used up.</summary>
    QuotaExceeded = 0x97,

    /// <summary>An administrator ended the connection.</summary>
    AdministrativeAction = 0x98,

    /// <summary>The payload is not what its format indicator says.</summary>
    PayloadFormatInvalid = 0x99,

    /// <summary>The broker keeps no messages.</summary>
    RetainNotSupported = 0x9A,

    /// <summary>The broker does not support this quality of service.</summary>
    QosNotSupported = 0x9B,

    /// <summary>Use another server for now.</summary>
    UseAnotherServer = 0x9C,

    /// <summary>Use another server from now on.</summary>
    ServerMoved = 0x9D,

    /// <summary>The broker has no shared subscriptions.</summary>
    SharedSubscriptionsNotSupported = 0x9E,

    /// <summary>Too many connections in a short time.</summary>
    ConnectionRateExceeded = 0x9F,

    /// <summary>The longest connection time is over.</summary>
    MaximumConnectTime = 0xA0,

    /// <summary>The broker has no subscription identifiers.</summary>
    SubscriptionIdentifiersNotSupported = 0xA1,

    /// <summary>The broker has no subscriptions with wildcards.</summary>
    WildcardSubscriptionsNotSupported = 0xA2,
}
