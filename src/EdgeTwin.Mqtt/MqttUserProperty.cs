namespace EdgeTwin.Mqtt;

/// <summary>A pair of strings that means something to the application (MQTT 5.0 §1.5.7); a name may repeat.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Value">Its value.</param>
public readonly record struct MqttUserProperty(string Name, string Value);
