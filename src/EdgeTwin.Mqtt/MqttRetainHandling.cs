namespace EdgeTwin.Mqtt;

/// <summary>Which kept messages the broker sends for a new subscription (MQTT 5.0 §3.8.3.1).</summary>
public enum MqttRetainHandling : byte
{
    /// <summary>All that match, at each SUBSCRIBE.</summary>
    Send = 0,

    /// <summary>All that match, unless the session has the subscription already.</summary>
    SendIfNew = 1,

    /// <summary>None.</summary>
    DoNotSend = 2,
}
