using EdgeTwin.Brokers;

namespace EdgeTwin.Upstream.Mqtt;

/// <summary>Finds what is wrong with the configuration of an MQTT uplink.</summary>
internal static class MqttUplinkCheck
{
    public static IEnumerable<(string Key, string Message)> Check(UplinkConfig config)
    {
        var mqtt = (MqttUplinkConfig)config;
        foreach (var problem in BrokerCheck.Check(mqtt)) yield return problem;
        if (TopicTemplate.Problem(mqtt.Topic) is { } bad) yield return ("topic", bad);
        if (mqtt.Commands is { } commands)
        {
            if (TopicTemplate.Problem(commands) is { } wrong) yield return ("commands", wrong);
            else if (new TopicTemplate(commands).IsPerTag)
                yield return ("commands", $"'{commands}' has {{tag}}; a command names its tag itself");
        }

        if (mqtt.CommandAge <= TimeSpan.Zero)
            yield return ("commandAge", $"{mqtt.CommandAge} is not longer than 0 s: every command would be late");
        foreach (var finding in PayloadFormats.Check(mqtt)) yield return finding;
    }
}
