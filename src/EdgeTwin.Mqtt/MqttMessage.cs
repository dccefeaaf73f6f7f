namespace EdgeTwin.Mqtt;

/// <summary>A message that the broker delivered.</summary>
/// <param name="Topic">Its topic.</param>
/// <param name="Payload">Its payload.</param>
/// <param name="Qos">Quality of service of the delivery.</param>
/// <param name="Retain">It is the kept last value of the topic, not a new one (unless the subscription asked to have
/// the flag as published).</param>
/// <param name="Dup">The broker may have delivered it before.</param>
public sealed record MqttMessage(string Topic, ReadOnlyMemory<byte> Payload, MqttQos Qos, bool Retain, bool Dup)
{
    /// <summary>What else it says; nothing with MQTT 3.1.1.</summary>
    public MqttMessageProperties Properties { get; init; } = MqttMessageProperties.None;

    /// <summary>Identifiers of the subscriptions for which it came, where these have one.</summary>
    public IReadOnlyList<int> SubscriptionIdentifiers { get; init; } = [];
}
