namespace EdgeTwin.Mqtt;

/// <summary>Hears what became of messages handed over with <see cref="MqttClient.TryPublish"/>. Called by the
/// connection's reader, one call at a time; must neither block nor throw.</summary>
public interface IMqttPublishObserver
{
    /// <summary>The broker has acknowledged the message.</summary>
    void Acknowledged(long token);

    /// <summary>The connection went before the acknowledgement came; whether the broker has the message is not
    /// known.</summary>
    void Lost(long token, MqttException reason);
}
