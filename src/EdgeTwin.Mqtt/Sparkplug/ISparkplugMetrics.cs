namespace EdgeTwin.Mqtt.Sparkplug;

/// <summary>What an edge node asks of its application: the metrics of a birth, each with name, alias where it has one,
/// data type, time and its current value. Called by whoever calls the node.</summary>
public interface ISparkplugMetrics
{
    /// <summary>Writes the node's own metrics, without <c>bdSeq</c> and <c>Node Control/Rebirth</c>, and the
    /// definitions of all templates of which the node or a device has an instance.</summary>
    /// <param name="birth">Where to.</param>
    /// <param name="now">Time of the birth, for what has none of its own.</param>
    void WriteNodeBirth(SparkplugWriter birth, ulong now);

    /// <summary>Writes all metrics of a device.</summary>
    /// <param name="device">Its rank.</param>
    /// <param name="birth">Where to.</param>
    /// <param name="now">Time of the birth, for what has none of its own.</param>
    void WriteDeviceBirth(int device, SparkplugWriter birth, ulong now);
}
