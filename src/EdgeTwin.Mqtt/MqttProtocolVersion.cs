namespace EdgeTwin.Mqtt;

/// <summary>Protocol level as it stands in CONNECT. Readers and writers carry it: a version is a branch in one codec,
/// not a second one.</summary>
public enum MqttProtocolVersion : byte
{
    /// <summary>MQTT 3.1.1 (OASIS, 2014).</summary>
    V311 = 4,

    /// <summary>MQTT 5.0 (OASIS, 2019).</summary>
    V5 = 5,
}
