namespace EdgeTwin.Cli;

/// <summary>What <c>edgetwin demo</c> was called with.</summary>
/// <param name="Limit">Stop by itself after this time; null runs until Ctrl-C.</param>
/// <param name="DataFolder">Where to keep what is made; null for a folder that goes with the demo.</param>
/// <param name="Speed">Times faster than real time.</param>
/// <param name="Tags">Tags in all; at least those of the recording.</param>
/// <param name="Broker">MQTT broker.</param>
/// <param name="Json">One JSON line at the end.</param>
internal sealed record DemoOptions(TimeSpan? Limit, string? DataFolder, double Speed, int Tags, string Broker,
    bool Json);
