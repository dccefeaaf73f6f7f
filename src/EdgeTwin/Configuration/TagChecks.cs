using EdgeTwin.Tags;

namespace EdgeTwin.Configuration;

/// <summary>Finds keys of a tag that contradict each other, whatever the driver.</summary>
internal static class TagChecks
{
    public static void Check(string name, TagConfig tag, ConfigDocument document, ConfigErrors errors)
    {
        if (tag.Type == TagDataType.None)
            return;
        foreach (var (key, message) in Findings(tag))
            errors.Add(document.Locate("tags", name, key), $"tag '{name}': {message}");
        if (tag.Range is { } range && tag.Deadband >= range.Span)
        {
            errors.Warn(document.Locate("tags", name, "deadband"),
                $"tag '{name}': deadband {tag.Deadband:R} covers the whole range {range}; no change will ever be "
                    + "recorded");
        }
    }

    /// <summary>Whether a unit, range, scaling or deadband makes sense for a type.</summary>
    public static bool IsNumber(TagDataType type) => type is not (TagDataType.Bool or TagDataType.String);

    private static IEnumerable<(string Key, string Message)> Findings(TagConfig tag)
    {
        var type = ConfigNames.EnumText(tag.Type.ToString());
        var isText = tag.Type == TagDataType.String;
        if (!IsNumber(tag.Type))
        {
            foreach (var key in NumericKeys(tag))
                yield return (key, $"'{key}' is for numbers, and the tag is a {type}; remove it or change the type");
        }

        if (tag.Scale == 0)
            yield return ("scale", "'scale' is 0, which makes every value the same; remove it or write the factor");
        if (tag.Length is not null && !isText)
            yield return ("length", $"'length' is for texts, and the tag is a {type}; remove it");
        if (tag.Coding == NumberCoding.Bcd
            && (isText || tag.Type is TagDataType.Bool or TagDataType.Float32 or TagDataType.Float64))
            yield return ("coding", $"'bcd' is for whole numbers, and the tag is a {type}");
    }

    private static IEnumerable<string> NumericKeys(TagConfig tag)
    {
        if (tag.Unit is not null) yield return "unit";
        if (tag.Scale is not null) yield return "scale";
        if (tag.Offset is not null) yield return "offset";
        if (tag.Range is not null) yield return "range";
        if (tag.Deadband != 0) yield return "deadband";
    }
}
