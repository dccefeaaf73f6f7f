using YamlDotNet.Core;

namespace EdgeTwin.Configuration;

/// <summary>Turns the parser's view of a syntax error into what the person at the keyboard did.</summary>
internal static class YamlSyntaxHint
{
    public static ConfigError Describe(string file, string text, YamlException failure)
    {
        var lines = text.Split('\n');
        var line = Math.Clamp((int)failure.Start.Line, 1, lines.Length);
        var column = Math.Max((int)failure.Start.Column, 1);
        // The scanner marks a tab at the beginning of the section that it breaks, which may be far above.
        var aboutTabs = failure.Message.Contains("tab", StringComparison.Ordinal);
        var last = aboutTabs ? lines.Length : Math.Clamp((int)failure.End.Line + 1, line, lines.Length);
        if (TabIn(lines, last) is { } tab)
            return new ConfigError(new ConfigPosition(file, tab.Line, tab.Column),
                "a tab in the indentation; YAML is indented with spaces only");
        for (var at = Math.Max(0, line - 2); at < line; at++)
        {
            if (UnquotedIn(lines[at]) is { } found)
                return new ConfigError(new ConfigPosition(file, at + 1, found.Column), found.Message);
        }

        return new ConfigError(new ConfigPosition(file, line, column), InPlainWords(failure.Message));
    }

    private static (int Line, int Column)? TabIn(string[] lines, int upTo)
    {
        for (var at = 0; at < upTo; at++)
        {
            var indentation = lines[at].AsSpan(0, lines[at].Length - lines[at].AsSpan().TrimStart(" \t").Length);
            if (indentation.IndexOf('\t') is var tab and >= 0 && lines[at].AsSpan().Trim().Length > 0)
                return (at + 1, tab + 1);
        }

        return null;
    }

    private static (int Column, string Message)? UnquotedIn(string line)
    {
        var colon = line.IndexOf(": ", StringComparison.Ordinal);
        if (colon < 0)
            return null;
        var value = line.AsSpan(colon + 2).TrimStart(' ');
        var column = line.Length - value.Length + 1;
        value = value.TrimEnd();
        if (value.Length == 0)
            return null;
        if (value[0] is '%' or '@' or '`')
            return (column, $"a value that begins with '{value[0]}' needs quotes: '{value}'");
        if (value[0] is '{' or '[' && EndsTooEarly(value))
            return (column, $"a text that begins with '{value[0]}' needs quotes: '{value}'");
        if (value[0] is not ('"' or '\'' or '{' or '[' or '#')
            && value.IndexOf(": ", StringComparison.Ordinal) is var inner and >= 0)
            return (column + inner, $"a text with ': ' inside needs quotes: '{value}'");
        return null;
    }

    // "{asset.path}/{tag}": the bracket that opens the value is closed before its end.
    private static bool EndsTooEarly(ReadOnlySpan<char> value)
    {
        var depth = 0;
        for (var at = 0; at < value.Length; at++)
        {
            depth += value[at] is '{' or '[' ? 1 : value[at] is '}' or ']' ? -1 : 0;
            if (depth == 0)
                return at < value.Length - 1 && !value[(at + 1)..].TrimStart().StartsWith("#");
        }

        return false;
    }

    private static string InPlainWords(string message) =>
        message.Contains("quoted scalar", StringComparison.Ordinal)
            && message.Contains("end of stream", StringComparison.Ordinal)
            ? "a quote opens here and is never closed"
        : message.Contains("flow mapping", StringComparison.Ordinal)
            ? "this is not valid YAML: a '{' before this place is not closed; ',' or '}' is expected here"
        : message.Contains("flow sequence", StringComparison.Ordinal)
            ? "this is not valid YAML: a '[' before this place is not closed; ',' or ']' is expected here"
        : message.Contains("block mapping", StringComparison.Ordinal)
            && message.Contains("expected key", StringComparison.Ordinal)
            ? "this is not valid YAML: the line is indented unlike the keys before it, or a text before it needs quotes"
        : $"this is not valid YAML: {Shorten(message)}";

    private static string Shorten(string message)
    {
        // YamlDotNet writes "(Line: 1, Col: 2, Idx: 3) - (Line: …): While parsing …, did not find …."
        var start = message.LastIndexOf("): ", StringComparison.Ordinal);
        message = (start < 0 ? message : message[(start + 3)..]).Trim().TrimEnd('.');
        return message.Length == 0 ? "unexpected text" : char.ToLowerInvariant(message[0]) + message[1..];
    }
}
