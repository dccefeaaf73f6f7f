namespace EdgeTwin.Upstream.Mqtt;

/// <summary>Finds what is wrong with the configuration of an MQTT uplink.</summary>
internal static class MqttUplinkCheck
{
    public static IEnumerable<(string Key, string Message)> Check(UplinkConfig config)
    {
        var mqtt = (MqttUplinkConfig)config;
        foreach (var problem in BrokerCheck.Check(mqtt)) yield return problem;
        if (TopicTemplate.Problem(mqtt.Topic) is { } bad) yield return ("topic", bad);
        foreach (var finding in PayloadFormats.Check(mqtt)) yield return finding;
    }
}
