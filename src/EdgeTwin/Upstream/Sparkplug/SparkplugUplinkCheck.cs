using EdgeTwin.Brokers;
using EdgeTwin.Mqtt.Sparkplug;

namespace EdgeTwin.Upstream.Sparkplug;

/// <summary>Finds what is wrong with the configuration of a Sparkplug uplink.</summary>
internal static class SparkplugUplinkCheck
{
    public static IEnumerable<(string Key, string Message)> Check(UplinkConfig config)
    {
        var sparkplug = (SparkplugUplinkConfig)config;
        foreach (var problem in BrokerCheck.Check(sparkplug)) yield return problem;
        (string Key, string? Id)[] ids =
        [
            ("group", sparkplug.Group), ("node", sparkplug.Node), ("device", sparkplug.Device),
            ("primaryHost", sparkplug.PrimaryHost),
        ];
        foreach (var (key, id) in ids)
            if (id is not null && SparkplugEdgeNodeOptions.ProblemOfId(id) is { } problem) yield return (key, problem);
        if (sparkplug.Group == "STATE")
            yield return ("group", "the group cannot be 'STATE', which stands for the host applications");
        if (sparkplug.Settle < TimeSpan.Zero || sparkplug.Settle > TimeSpan.FromSeconds(60))
            yield return ("settle", $"{sparkplug.Settle} is outside 0 s to 60 s");
        if (sparkplug.CommandAge <= TimeSpan.Zero)
            yield return ("commandAge", $"{sparkplug.CommandAge} is not longer than 0 s: every command would be late");
    }
}
