namespace EdgeTwin.Sources.Mqtt;

/// <summary>What the messages of a source hold.</summary>
internal enum MqttSourceFormat
{
    /// <summary>What the MQTT uplink of another gateway sends: samples with their time, quality and place.</summary>
    Json,

    /// <summary>What Sparkplug B edge nodes send.</summary>
    Sparkplug,

    /// <summary>A plain number, true or false, or text per topic; or a JSON document to take values out of.</summary>
    Value,
}
