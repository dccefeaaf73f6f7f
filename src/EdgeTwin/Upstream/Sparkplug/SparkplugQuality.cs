using EdgeTwin.Mqtt.Sparkplug;
using EdgeTwin.Tags;

namespace EdgeTwin.Upstream.Sparkplug;

/// <summary>
/// Quality as Sparkplug has it: the property <c>Quality</c> is 192 good, 500 stale or 0 bad, and absent for good
/// (§6.4.11). What is uncertain is stale, for it must not pass for good. The exact OPC UA code is beside it.
/// </summary>
internal sealed class SparkplugQuality
{
    private const uint Bad = 0;
    private const uint Stale = 500;
    private readonly Dictionary<(uint Code, ClockState Clock), SparkplugProperty[]> known = [];

    /// <summary>The properties of a sample; null when there is nothing to say. Allocates only for a status that is
    /// new.</summary>
    public SparkplugProperty[]? Of(StatusCode status, ClockState clock)
    {
        if (status == StatusCode.Good && clock == ClockState.Synchronised) return null;
        if (known.TryGetValue((status.Code, clock), out var properties)) return properties;
        return known[(status.Code, clock)] = Make(status, clock);
    }

    private static SparkplugProperty[] Make(StatusCode status, ClockState clock)
    {
        var all = new List<SparkplugProperty>();
        if (!status.IsGood)
        {
            // Int32 in int_value (tck-id-payloads-propertyset-quality-value-type).
            all.Add(new SparkplugProperty("Quality", SparkplugDataType.Int32,
                SparkplugValue.FromInt(status.IsBad && !IsAway(status) ? Bad : Stale)));
        }
        if (status != StatusCode.Good)
        {
            all.Add(new SparkplugProperty("status", SparkplugDataType.String,
                SparkplugValue.From(status.ToString())));
            all.Add(new SparkplugProperty("statusCode", SparkplugDataType.UInt32,
                SparkplugValue.FromLong(status.Code)));
        }
        if (clock != ClockState.Synchronised)
            all.Add(new SparkplugProperty("clockSynchronised", SparkplugDataType.Boolean, SparkplugValue.From(false)));
        return [.. all];
    }

    // Nobody says that the value is wrong, only that there is no news of it.
    private static bool IsAway(StatusCode status) =>
        status == StatusCode.BadNoCommunication || status == StatusCode.BadNotConnected
        || status == StatusCode.BadWaitingForInitialData;
}
