namespace EdgeTwin.Mqtt.Sparkplug;

/// <summary>A topic of an edge node, taken apart (§4.1): <c>spBv1.0/group/TYPE/node[/device]</c>.</summary>
/// <param name="Group">Group.</param>
/// <param name="Type">Such as <c>NBIRTH</c>.</param>
/// <param name="Node">Edge node.</param>
/// <param name="Device">Device; null for the node itself.</param>
public readonly record struct SparkplugTopic(string Group, string Type, string Node, string? Device)
{
    /// <summary>First level of every topic.</summary>
    public const string Namespace = "spBv1.0";

    /// <summary>Takes a topic apart; false for one that is no edge node's.</summary>
    public static bool TryParse(string topic, out SparkplugTopic parts)
    {
        var levels = topic.Split('/', 6);
        parts = levels is [Namespace, var group, ['N', ..] or ['D', ..], var node, ..] && levels.Length <= 5
            ? new SparkplugTopic(group, levels[2], node, levels.Length == 5 ? levels[4] : null)
            : default;
        return parts.Type is not null && (parts.Type[0] == 'D') == parts.Device is not null;
    }

    /// <summary>Filter for everything that an edge node sends.</summary>
    public static string FilterOf(string group, string node) => $"{Namespace}/{group}/+/{node}/#";
}
