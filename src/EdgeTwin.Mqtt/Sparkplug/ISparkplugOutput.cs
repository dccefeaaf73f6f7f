namespace EdgeTwin.Mqtt.Sparkplug;

/// <summary>Where an edge node's messages go, in order; never retained (§4.4).</summary>
public interface ISparkplugOutput
{
    /// <summary>Takes a message; both spans are copied.</summary>
    /// <exception cref="MqttException">The connection is gone, or the message is too large; then it does not
    /// count.</exception>
    void Publish(ReadOnlySpan<byte> topic, ReadOnlySpan<byte> payload, MqttQos qos);
}
