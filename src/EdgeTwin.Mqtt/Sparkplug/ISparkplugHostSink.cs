namespace EdgeTwin.Mqtt.Sparkplug;

/// <summary>What a host learns of an edge node. A device is null where the node itself is meant.</summary>
public interface ISparkplugHostSink
{
    /// <summary>Data have come; a value for each of their metrics, or of the members of instances, follows in order.
    /// Where a metric is not understood, it and those behind it do not.</summary>
    void Data(SparkplugPayload data);

    /// <summary>A birth has come; its values follow.</summary>
    void Born(string? device);

    /// <summary>A value: from a birth, where it is the one of now, or from data. Historical ones come too and are
    /// marked.</summary>
    /// <param name="device">Whose.</param>
    /// <param name="name">Name of the metric, which data do not say themselves.</param>
    /// <param name="type">Data type that the birth said.</param>
    /// <param name="metric">The metric as it came.</param>
    /// <param name="sent">Time of the message; absent where it says none.</param>
    void Value(string? device, string name, SparkplugDataType type, in SparkplugMetric metric, ulong? sent);

    /// <summary>Nothing is known of the device any more; of the node and all its devices where it is null.</summary>
    void Died(string? device);
}
