namespace EdgeTwin.Mqtt;

/// <summary>Hears what became of messages handed over with
/// <c>MqttClient.TryPublish</c>.
/// Called by the connection's reader, one call at a time; must neither block nor throw.</summary>
public interface IMqttPublishObserver
{
    /// <summary>The broker has acknowledged the message: PUBACK with QoS 1, PUBCOMP with QoS 2.</summary>
    void Acknowledged(long token);

    /// <summary>The broker has the message and refused it (MQTT 5.0): the reason code says why, and sending it again
    /// would not help.</summary>
    void Refused(long token, MqttException reason);

    /// <summary>The connection went before the acknowledgement came; whether the broker has the message is not
    /// known.</summary>
    void Lost(long token, MqttException reason);
}
