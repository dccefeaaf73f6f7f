using System.Collections.Concurrent;
using System.Text;
using EdgeTwin.Tags;

namespace EdgeTwin.Configuration;

/// <summary>How keys, enumeration values and names are written.</summary>
internal static class ConfigNames
{
    private const int MaxNameLength = 128;
    private static readonly ConcurrentDictionary<Type, IReadOnlyDictionary<string, object>> EnumTables = new();
    private static readonly HashSet<string> Reserved =
        new(StringComparer.Ordinal) { "and", "or", "not", "true", "false", "if" };

    /// <summary><c>KeepAlive</c> is the key <c>keepAlive</c>.</summary>
    public static string Key(string property) => char.ToLowerInvariant(property[0]) + property[1..];

    /// <summary><c>LiveFirst</c> is written <c>live-first</c>, <c>UInt16</c> is <c>uint16</c>.</summary>
    public static string EnumText(string member)
    {
        var text = new StringBuilder(member.Length + 4);
        for (var i = 0; i < member.Length; i++)
        {
            if (i > 0 && char.IsUpper(member[i]) && char.IsLower(member[i - 1]))
                text.Append('-');
            text.Append(char.ToLowerInvariant(member[i]));
        }

        return text.ToString();
    }

    /// <summary>All values of an enumeration by their text, in order of declaration.</summary>
    public static IReadOnlyDictionary<string, object> EnumValues(Type type) => EnumTables.GetOrAdd(type, static type =>
    {
        var table = new OrderedDictionary<string, object>();
        foreach (var value in Enum.GetValues(type))
        {
            // A tag always has a type; None is for samples that never had a value.
            if (value is not TagDataType.None)
                table.Add(EnumText(value.ToString()!), value);
        }

        return table;
    });

    /// <summary>The section's entries one at a time: <c>tags</c> holds each <c>tag</c>.</summary>
    public static string Noun(string section) => section switch
    {
        "derived" => "derived tag",
        _ when section.EndsWith('s') => section[..^1],
        _ => section,
    };

    /// <summary>What is wrong with a name of a tag, source, model, alarm or uplink; null when nothing is.</summary>
    public static string? ProblemWith(string name)
    {
        const string Rule = "a name consists of letters a-z, digits, '_', '-' and '.', and starts with a letter";
        if (name.Length == 0)
            return $"the name is empty; {Rule}";
        if (name.Length > MaxNameLength)
            return $"name '{name[..24]}…' has {name.Length} characters; at most {MaxNameLength} are allowed";
        if (!char.IsAsciiLetter(name[0]))
            return $"name '{name}' starts with '{name[0]}'; {Rule}";
        foreach (var c in name)
        {
            if (!char.IsAsciiLetterOrDigit(c) && c is not ('_' or '-' or '.'))
                return c == ' ' ? $"name '{name}' contains a space; {Rule}" : $"name '{name}' contains '{c}'; {Rule}";
        }

        // In an expression "flow-" would be the beginning of a subtraction.
        if (name[^1] is '-' or '.')
            return $"name '{name}' ends with '{name[^1]}'; end it with a letter, a digit or '_'";
        return Reserved.Contains(name) ? $"name '{name}' is a word of the expression language; choose another" : null;
    }
}
