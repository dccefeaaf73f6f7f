namespace EdgeTwin.Mqtt;

/// <summary>What a received packet means to the world outside the session: nothing, or one of these.</summary>
internal readonly struct MqttEffect
{
    /// <summary>CONNACK accepted the connection.</summary>
    public MqttConnectResult? Accepted { get; init; }

    /// <summary>Messages of the session before, of which CONNACK now says that they are through.</summary>
    public IReadOnlyList<InFlight>? Proven { get; init; }

    /// <summary>A request ended; its observer is to be told, and a place in the window is free.</summary>
    public bool Completed { get; init; }

    /// <summary>A ping is answered; its observer is to be told.</summary>
    public bool Pinged { get; init; }

    public IMqttPublishObserver? Observer { get; init; }
    public long Token { get; init; }

    /// <summary>Reason code of the acknowledgement.</summary>
    public MqttReasonCode Reason { get; init; }

    /// <summary>What the broker says about a refusal; null for nothing.</summary>
    public string? ReasonString { get; init; }

    /// <summary>A message arrived.</summary>
    public MqttMessage? Message { get; init; }

    /// <summary>To be acknowledged with <see cref="MqttSession.AcknowledgeMessage"/> once the message is safe; 0 for
    /// QoS 0.</summary>
    public ushort PacketId { get; init; }
}
