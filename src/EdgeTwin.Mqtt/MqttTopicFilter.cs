using System.Text;

namespace EdgeTwin.Mqtt;

/// <summary>Topic filters (§4.7): what is a valid one, and which topics it takes in.</summary>
public static class MqttTopicFilter
{
    private const string SharePrefix = "$share/";

    /// <summary>What is wrong with a filter; null for nothing.</summary>
    public static string? Problem(string filter)
    {
        if (filter.Length == 0) return "the topic filter is empty"; // [MQTT-4.7.3-1]
        if (filter.Contains('\0', StringComparison.Ordinal)) return $"the topic filter '{filter}' contains U+0000";
        if (Encoding.UTF8.GetByteCount(filter) > ushort.MaxValue) return "the topic filter has more than 65535 bytes";
        if (!IsShared(filter)) return ProblemOfLevels(filter, filter);
        var slash = filter.IndexOf('/', SharePrefix.Length);
        if (slash <= SharePrefix.Length) // [MQTT-4.8.2-1]
            return $"the shared filter '{filter}' lacks its name or its filter; write $share/NAME/FILTER";
        if (filter.AsSpan(SharePrefix.Length, slash - SharePrefix.Length).ContainsAny('+', '#')) // [MQTT-4.8.2-2]
            return $"the name in '{filter}' contains a wildcard";
        return slash + 1 == filter.Length
            ? $"the shared filter '{filter}' has no filter behind its name"
            : ProblemOfLevels(filter[(slash + 1)..], filter);
    }

    /// <summary>Whether a topic falls under a valid filter. Of a shared filter only what stands behind the name
    /// counts.</summary>
    public static bool Matches(string filter, string topic)
    {
        var rest = Unshared(filter);
        var levels = topic.AsSpan();
        // [MQTT-4.7.2-1]: $SYS and its like are not meant by a wildcard at the beginning
        if (topic.StartsWith('$') && rest[0] is '+' or '#') return false;
        while (true)
        {
            var wanted = Level(rest, out var moreFilter);
            if (wanted is "#") return true;
            var level = Level(levels, out var moreTopic);
            if (!(wanted is "+") && !wanted.SequenceEqual(level)) return false;
            if (!moreTopic) return !moreFilter || rest[(wanted.Length + 1)..] is "#"; // a/# takes in a (§4.7.1.2)
            if (!moreFilter) return false;
            rest = rest[(wanted.Length + 1)..];
            levels = levels[(level.Length + 1)..];
        }
    }

    internal static bool IsShared(string filter) => filter.StartsWith(SharePrefix, StringComparison.Ordinal);

    internal static bool HasWildcard(string filter) => Unshared(filter).ContainsAny('+', '#');

    private static ReadOnlySpan<char> Unshared(string filter) => IsShared(filter)
        ? filter.AsSpan(filter.IndexOf('/', SharePrefix.Length) + 1)
        : filter;

    private static ReadOnlySpan<char> Level(ReadOnlySpan<char> rest, out bool more)
    {
        var slash = rest.IndexOf('/');
        more = slash >= 0;
        return more ? rest[..slash] : rest;
    }

    // [MQTT-4.7.1-1, 4.7.1-2]
    private static string? ProblemOfLevels(string levels, string filter)
    {
        for (var i = 0; i < levels.Length; i++)
        {
            if (levels[i] is not ('+' or '#')) continue;
            var startsLevel = i == 0 || levels[i - 1] == '/';
            var endsLevel = i == levels.Length - 1 || levels[i + 1] == '/';
            if (!startsLevel || !endsLevel)
                return $"in the topic filter '{filter}', '{levels[i]}' shares a level with other characters";
            if (levels[i] == '#' && i != levels.Length - 1)
                return $"in the topic filter '{filter}', '#' is not at the end";
        }
        return null;
    }
}
