namespace EdgeTwin.Mqtt.Sparkplug;

/// <summary>One property of a metric: what it says about the metric beside its value (§6.4.10–6.4.11).</summary>
/// <param name="Key">Its name, such as <c>engUnit</c> or <c>Quality</c>.</param>
/// <param name="Type">Its data type; births always say it.</param>
/// <param name="Value">Its value; <see cref="SparkplugField.None"/> when it is null.</param>
public readonly record struct SparkplugProperty(string Key, SparkplugDataType Type, SparkplugValue Value);
