using EdgeTwin.Brokers;
using EdgeTwin.Mqtt;
using EdgeTwin.Tags;

namespace EdgeTwin.Sources.Mqtt;

/// <summary>Finds what cannot work in the configuration of an MQTT source.</summary>
internal static class MqttSourceCheck
{
    public static IEnumerable<(string Key, string Message)> Check(MqttSourceConfig config)
    {
        foreach (var problem in BrokerCheck.Check(config)) yield return problem;
        var isSparkplug = config.Format == MqttSourceFormat.Sparkplug;
        if (isSparkplug && config.Topics.Count > 0)
            yield return ("topics", "with 'format: sparkplug' the topics follow from the tags' addresses; "
                + "leave it out");
        foreach (var filter in config.Topics)
        {
            if (MqttTopicFilter.Problem(filter) is { } bad) yield return ("topics", bad);
            else if (filter.StartsWith("$share/", StringComparison.Ordinal))
                yield return ("topics", $"'{filter}': write the group under 'share', and the filter without it");
        }

        if (config.Share is not { } share) yield break;
        if (isSparkplug)
            yield return ("share", "a birth tells the names of what follows, so each subscriber needs every message "
                + "of an edge node; leave 'share' out with 'format: sparkplug'");
        else if (share.Length == 0 || share.IndexOfAny(['/', '+', '#']) >= 0)
            yield return ("share", $"'{share}' is no name of a group; it is not empty and has no '/', '+' or '#'");
    }

    /// <summary>Finds what is wrong with a tag.</summary>
    public static IEnumerable<(string Key, string Message)> CheckTag(SourceConfig source, TagConfig tag)
    {
        if (MqttAddress.Parse(((MqttSourceConfig)source).Format, tag.Address, out _) is { } problem)
            yield return ("address", problem);
        if (tag.Length is not null)
            yield return ("length", "a text in a message brings its own length; remove 'length'");
        if (tag.WordOrder != default || tag.ByteOrder != default || tag.Coding != default)
            yield return ("address", "'wordOrder', 'byteOrder' and 'coding' are for registers; remove them");
    }
}
