namespace EdgeTwin.Mqtt;

/// <summary>The message that the broker publishes when this client vanishes without DISCONNECT.</summary>
public sealed record MqttWill
{
    /// <summary>Its topic.</summary>
    public required string Topic { get; init; }

    /// <summary>Its payload, at most 65,535 bytes.</summary>
    public required ReadOnlyMemory<byte> Payload { get; init; }

    /// <summary>Its quality of service.</summary>
    public MqttQos Qos { get; init; } = MqttQos.AtLeastOnce;

    /// <summary>Whether the broker keeps it as the last value of the topic.</summary>
    public bool Retain { get; init; }

    /// <summary>How long the broker waits with it for the client to come back, in whole seconds; the end of the session
    /// ends the wait. MQTT 5.0.</summary>
    public TimeSpan Delay { get; init; }

    /// <summary>What else it says. MQTT 5.0.</summary>
    public MqttMessageProperties Properties { get; init; } = MqttMessageProperties.None;
}
