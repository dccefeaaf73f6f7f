namespace EdgeTwin.Mqtt;

/// <summary>Protocol level as it stands in CONNECT. Readers and writers carry it, so that a further version is a branch
/// in one codec and not a second one.</summary>
public enum MqttProtocolVersion : byte
{
    /// <summary>MQTT 3.1.1 (OASIS, 2014).</summary>
    V311 = 4,
}
