using EdgeTwin.Upstream.Mqtt;
using EdgeTwin.Upstream.Sparkplug;

namespace EdgeTwin.Upstream;

/// <summary>Every kind of uplink there is, one line each.</summary>
internal static class UplinkCatalog
{
    public static IReadOnlyList<UplinkDriver> Drivers { get; } =
    [
        new("sparkplug", typeof(SparkplugUplinkConfig), SparkplugUplink.Create, SparkplugUplinkCheck.Check),
        new("mqtt", typeof(MqttUplinkConfig), MqttUplink.Create, MqttUplinkCheck.Check),
    ];

    /// <summary>Finds what is wrong with a configuration, as (key of the record, message); does no I/O.</summary>
    public static IEnumerable<(string Key, string Message)> Check(UplinkConfig config) =>
        [.. SampleFilter.Check(config), .. Drivers.First(driver => driver.Name == config.Driver).Check(config)];

    /// <summary>Makes the uplink that a configuration describes.</summary>
    /// <exception cref="ArgumentException">There is no such driver; the configuration was not checked.</exception>
    public static IUplink Create(UplinkConfig config, UplinkContext context)
    {
        var driver = Drivers.FirstOrDefault(driver => driver.Name == config.Driver)
            ?? throw new ArgumentException($"there is no uplink driver '{config.Driver}'", nameof(config));
        return driver.Create(config, context);
    }
}
