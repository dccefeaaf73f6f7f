using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace EdgeTwin.Assets;

/// <summary>
/// Place of an asset in the ISA-95 hierarchy, such as <c>acme/north/water/line-1/pump-7</c>. The last segment is the
/// asset; what stands before it is enterprise, site, area and line from the top, as far as it is given. The path is
/// used as it is in MQTT topics and OPC UA node ids, so its characters are legal in both.
/// </summary>
internal sealed class AssetPath : IEquatable<AssetPath>
{
    /// <summary>Levels above the asset, from the top (ISA-95 part 1 §5.3).</summary>
    private static readonly string[] UpperLevels = ["enterprise", "site", "area", "line"];

    private const int MaxSegments = 8;
    private const int MaxSegmentBytes = 64;

    private AssetPath(string text, string[] segments) => (Text, Segments) = (text, segments);

    /// <summary>The path as written.</summary>
    public string Text { get; }

    /// <summary>Top first, asset last.</summary>
    public IReadOnlyList<string> Segments { get; }

    /// <summary>The asset's own name: the last segment.</summary>
    public string Name => Segments[^1];

    public string? Enterprise => Upper(0);

    public string? Site => Upper(1);

    public string? Area => Upper(2);

    public string? Line => Upper(3);

    /// <summary>What level a segment stands for: <c>enterprise</c> … <c>line</c>, <c>unit</c> for further ones,
    /// <c>asset</c> for the last.</summary>
    public string LevelOf(int segment) =>
        segment == Segments.Count - 1 ? "asset" : segment < UpperLevels.Length ? UpperLevels[segment] : "unit";

    /// <summary>Parses a path; on failure says what is wrong and at which character.</summary>
    public static bool TryParse(
        string text, [NotNullWhen(true)] out AssetPath? path, out int offset, [NotNullWhen(false)] out string? problem)
    {
        (path, offset, problem) = (null, 0, null);
        var segments = text.Split('/');
        if (text.Length == 0)
            problem = "the path is empty; write enterprise/site/area/line/asset, or at least the asset's name";
        else if (segments.Length > MaxSegments)
            problem = $"the path has {segments.Length} segments; at most {MaxSegments} are allowed";
        foreach (var segment in problem is null ? segments : [])
        {
            problem = ProblemOf(segment, offset == 0, out var at);
            if (problem is not null)
            {
                offset += at;
                return false;
            }

            offset += segment.Length + 1;
        }

        if (problem is not null)
            return false;
        (path, offset) = (new AssetPath(text, segments), 0);
        return true;
    }

    public bool Equals(AssetPath? other) => other is not null && Text == other.Text;

    public override bool Equals(object? obj) => Equals(obj as AssetPath);

    public override int GetHashCode() => Text.GetHashCode(StringComparison.Ordinal);

    public override string ToString() => Text;

    private string? Upper(int level) => level < Segments.Count - 1 ? Segments[level] : null;

    private static string? ProblemOf(string segment, bool first, out int at)
    {
        at = 0;
        if (segment.Length == 0)
            return "an empty segment; remove the extra '/'";
        // A topic whose first level starts with $ is the broker's own (MQTT 3.1.1 §4.7.2).
        if (first && segment[0] == '$')
            return "a path must not start with '$', which brokers keep for themselves";
        if (Encoding.UTF8.GetByteCount(segment) > MaxSegmentBytes)
            return $"segment '{segment[..16]}…' is longer than {MaxSegmentBytes} bytes";
        for (; at < segment.Length; at++)
        {
            var c = segment[at];
            if (c is '+' or '#')
                return $"'{c}' in segment '{segment}' is a wildcard of MQTT topics; use letters, digits, '-', '_' "
                    + "or '.'";
            if (!char.IsLetterOrDigit(c) && c is not ('-' or '_' or '.' or '$'))
            {
                var shown = c == ' ' ? "a space" : char.IsControl(c) || char.IsSurrogate(c)
                    ? $"the character U+{(int)c:X4}" : $"'{c}'";
                return $"{shown} in segment '{segment}'; use letters, digits, '-', '_' or '.'";
            }
        }

        return null;
    }
}
