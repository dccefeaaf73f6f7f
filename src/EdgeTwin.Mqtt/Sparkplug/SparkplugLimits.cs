namespace EdgeTwin.Mqtt.Sparkplug;

/// <summary>
/// What a received payload may ask of memory and stack. A metric can be two bytes on the wire and is a hundred times
/// that in memory, so the size of a packet alone bounds nothing.
/// </summary>
public sealed record SparkplugLimits
{
    /// <summary>Limits for commands and tests.</summary>
    public static SparkplugLimits Default { get; } = new();

    /// <summary>Metrics, properties, parameters, columns, rows and cells together, at all levels.</summary>
    public int MostElements { get; init; } = 10_000;

    /// <summary>Templates and property sets within each other.</summary>
    public int MostDepth { get; init; } = 8;
}
