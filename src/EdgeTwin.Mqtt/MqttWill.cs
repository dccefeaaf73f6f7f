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
}
