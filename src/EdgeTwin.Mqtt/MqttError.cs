namespace EdgeTwin.Mqtt;

/// <summary>Why an MQTT operation or connection failed.</summary>
public enum MqttError
{
    /// <summary>No TCP connection came about.</summary>
    Unreachable,

    /// <summary>The TLS handshake failed: certificate, name or protocol.</summary>
    TlsFailed,

    /// <summary>The broker said no in CONNACK; <see cref="MqttException.ReturnCode"/> says why.</summary>
    Refused,

    /// <summary>No CONNACK, no answer to a ping or no acknowledgement within its deadline.</summary>
    TimedOut,

    /// <summary>The connection ended from outside.</summary>
    ConnectionLost,

    /// <summary>The peer sent bytes that MQTT does not allow.</summary>
    Malformed,

    /// <summary>The peer sent a valid packet at a wrong time or with an unknown packet identifier.</summary>
    ProtocolViolation,

    /// <summary>A packet is larger than this side allows.</summary>
    TooLarge,

    /// <summary>The broker refused the subscription.</summary>
    SubscriptionRefused,

    /// <summary>There is no connection now.</summary>
    NotConnected,

    /// <summary>This side disconnected.</summary>
    Disconnected,
}
