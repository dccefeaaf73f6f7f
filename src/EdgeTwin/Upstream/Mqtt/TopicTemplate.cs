using System.Text;
using System.Text.RegularExpressions;

namespace EdgeTwin.Upstream.Mqtt;

/// <summary>A topic with <c>{asset.path}</c>, <c>{gateway.id}</c> and <c>{tag}</c> in it.</summary>
internal sealed partial class TopicTemplate(string template)
{
    private const int MostBytes = 65_535;

    /// <summary>Each tag has a topic of its own.</summary>
    public bool IsPerTag { get; } = template.Contains("{tag}", StringComparison.Ordinal);

    /// <summary>What is wrong with a template; null when it is good.</summary>
    public static string? Problem(string template)
    {
        if (template.Length == 0) return "the topic is empty";
        foreach (Match placeholder in Placeholder().Matches(template))
        {
            if (placeholder.Value is not ("{asset.path}" or "{gateway.id}" or "{tag}"))
                return $"the topic '{template}' has '{placeholder.Value}'; known are {{asset.path}}, {{gateway.id}} "
                    + $"and {{tag}}";
        }
        var text = Placeholder().Replace(template, "x");
        if (text.IndexOfAny(['{', '}']) >= 0) return $"the topic '{template}' has a brace without its partner";
        if (text.IndexOfAny(['+',
            '#']) >= 0) return $"the topic '{template}' has a wildcard; + and # are for subscribers";
        if (text.Any(char.IsControl)) return $"the topic '{template}' has a control character";
        if (text.StartsWith('$')) return $"the topic '{template}' starts with $, which belongs to the broker";
        return Encoding.UTF8.GetByteCount(text) > MostBytes ? $"the topic is longer than {MostBytes} bytes" : null;
    }

    /// <summary>The topic in UTF-8.</summary>
    public byte[] Fill(string assetPath, string gatewayId, string tag) => Encoding.UTF8.GetBytes(template
        .Replace("{asset.path}", assetPath, StringComparison.Ordinal)
        .Replace("{gateway.id}", gatewayId, StringComparison.Ordinal)
        .Replace("{tag}", tag, StringComparison.Ordinal));

    [GeneratedRegex(@"\{[^{}]*\}", RegexOptions.None, 1000)]
    private static partial Regex Placeholder();
}
