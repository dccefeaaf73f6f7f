namespace EdgeTwin.Mqtt;

/// <summary>Why an MQTT operation or connection failed.</summary>
public enum MqttError
{
    /// <summary>No TCP connection came about.</summary>
    Unreachable,

    /// <summary>The TLS handshake failed: certificate, name or protocol.</summary>
    TlsFailed,

    /// <summary>The broker said no in CONNACK; <see cref="MqttException.Reason"/> says why.</summary>
    Refused,

    /// <summary>No CONNACK, no answer to a ping or no acknowledgement within its deadline.</summary>
    TimedOut,

    /// <summary>The connection ended from outside; <see cref="MqttException.Reason"/> says why where the broker sent
    /// DISCONNECT.</summary>
    ConnectionLost,

    /// <summary>The peer sent bytes that MQTT does not allow.</summary>
    Malformed,

    /// <summary>The peer sent a valid packet at a wrong time or with an unknown packet identifier.</summary>
    ProtocolViolation,

    /// <summary>A packet is larger than this side, or the broker, allows.</summary>
    TooLarge,

    /// <summary>The broker refused the subscription, or its end.</summary>
    SubscriptionRefused,

    /// <summary>The broker has taken the message and refused it; sending it again would not help.</summary>
    PublishRefused,

    /// <summary>The broker has said that it does not support this; nothing was sent.</summary>
    NotSupported,

    /// <summary>There is no connection now.</summary>
    NotConnected,

    /// <summary>This side disconnected.</summary>
    Disconnected,
}
