using System.Globalization;
using System.Text;
using EdgeTwin.Tags;

namespace EdgeTwin.Configuration;

/// <summary>Writes tags as the section <c>tags</c> of a configuration, ready to paste.</summary>
internal static class TagYaml
{
    /// <summary>One line for each tag; keys that have their default are left out.</summary>
    public static void Write(IReadOnlyDictionary<string, TagConfig> tags, TextWriter writer)
    {
        var shape = RecordShape.Of(typeof(TagConfig));
        writer.Write(tags.Count == 0 ? "tags: {}\n" : "tags:\n");
        foreach (var (name, tag) in tags)
        {
            var keys = shape.Members
                .Select(member => (member, Value: member.Property.GetValue(tag)))
                .Where(
                    key => key.Value is not null && (key.member.IsRequired || !Equals(key.Value, key.member.Default)))
                .Select(key => $"{key.member.Key}: {Scalar(key.Value!)}");
            writer.Write($"  {name}: {{ {string.Join(", ", keys)} }}\n");
        }
    }

    private static string Scalar(object value) =>
        value is string text ? IsPlain(text) ? text : Quote(text) : ConfigValueText.Format(value);

    // Stricter than YAML: what is left without quotes reads the same in every parser, also inside braces.
    private static bool IsPlain(string text) =>
        text.Length > 0 && char.IsAsciiLetterOrDigit(text[0]) && char.IsLetterOrDigit(text[^1]) && text is not "null"
        && text.All(c => char.IsLetterOrDigit(c) || c is '_' or '.' or '/' or '-' or ':' or ' ' or '°' or '²' or '³')
        && !text.Contains(": ", StringComparison.Ordinal);

    private static string Quote(string text)
    {
        var quoted = new StringBuilder("\"");
        foreach (var c in text)
        {
            quoted.Append(c switch
            {
                '"' => "\\\"",
                '\\' => "\\\\",
                '\n' => "\\n",
                '\r' => "\\r",
                '\t' => "\\t",
                _ when char.IsControl(c) || c is '\u2028' or '\u2029' or '\uFEFF' =>
                    $"\\u{((int)c).ToString("X4", CultureInfo.InvariantCulture)}",
                _ => c.ToString(),
            });
        }

        return quoted.Append('"').ToString();
    }
}
