namespace EdgeTwin.Mqtt.Sparkplug;

/// <summary>One metric of an NCMD or DCMD: what a host wants written.</summary>
/// <param name="Device">Rank of the device; null for the node's own metrics.</param>
/// <param name="Metric">By name or alias; the data type is often left out.</param>
/// <param name="SentAt">When it was sent, milliseconds since 1970, from the metric or else the payload; null when
/// neither says it.</param>
public readonly record struct SparkplugCommand(int? Device, SparkplugMetric Metric, ulong? SentAt);
