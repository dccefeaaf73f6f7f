namespace EdgeTwin.Mqtt.Sparkplug;

/// <summary>A payload as it was received (§6.4.6).</summary>
public sealed record SparkplugPayload
{
    /// <summary>When it was sent, milliseconds since 1970 in UTC.</summary>
    public ulong? Timestamp { get; init; }

    /// <summary>Its metrics in order.</summary>
    public required IReadOnlyList<SparkplugMetric> Metrics { get; init; }

    /// <summary>0–255, counting the messages of an edge node; absent in NDEATH and in commands.</summary>
    public ulong? Sequence { get; init; }

    /// <summary>Identifies a schema; absent for none.</summary>
    public string? Uuid { get; init; }

    /// <summary>Bytes beside the metrics; absent for none.</summary>
    public ReadOnlyMemory<byte>? Body { get; init; }
}
