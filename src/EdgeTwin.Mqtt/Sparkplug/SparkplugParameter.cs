namespace EdgeTwin.Mqtt.Sparkplug;

/// <summary>A parameter of a template (§6.4.16).</summary>
/// <param name="Name">Its name.</param>
/// <param name="Type">Its data type, a basic one.</param>
/// <param name="Value">Its value; in a definition the default.</param>
public readonly record struct SparkplugParameter(string? Name, SparkplugDataType Type, SparkplugValue Value);
