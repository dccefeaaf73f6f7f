namespace EdgeTwin.Mqtt.Sparkplug;

/// <summary>What an edge node asks of its application: the metrics of a birth, each with name, alias where it has one,
/// data type, time and its current value. Called by whoever calls the node.</summary>
public interface ISparkplugMetrics
{
    /// <summary>Writes the node's own metrics, without <c>bdSeq</c> and <c>Node Control/Rebirth</c>.</summary>
    void WriteNodeBirth(SparkplugWriter birth);

    /// <summary>Writes all metrics of a device.</summary>
    void WriteDeviceBirth(int device, SparkplugWriter birth);
}
