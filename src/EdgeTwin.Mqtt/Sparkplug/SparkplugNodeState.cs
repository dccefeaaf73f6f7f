namespace EdgeTwin.Mqtt.Sparkplug;

/// <summary>Where an edge node stands.</summary>
public enum SparkplugNodeState
{
    /// <summary>No connection; or it was left, because the primary host is offline.</summary>
    Offline,

    /// <summary>Connected; waits for the primary host, or for its births to be published.</summary>
    Connected,

    /// <summary>Births are out; data may follow.</summary>
    Online,
}
