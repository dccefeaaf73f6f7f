using System.Text;

namespace EdgeTwin.Tags;

/// <summary>Names of tags from names that others gave: letters a-z, digits, '_', '-' and '.', beginning with a
/// letter.</summary>
internal static class TagNames
{
    private const int LongestName = 100;

    /// <summary>The nearest name that a tag may have: <c>Flow rate (m³/h)</c> becomes <c>Flow-rate-m-h</c>.</summary>
    public static string From(string text)
    {
        var name = new StringBuilder();
        foreach (var c in text)
        {
            if (name.Length == LongestName) break;
            if (char.IsAsciiLetterOrDigit(c) || c is '_' or '.') name.Append(c);
            else if (name.Length > 0 && name[^1] is not ('-' or '.')) name.Append('-');
        }

        while (name.Length > 0 && name[^1] is ('-' or '.')) name.Length--;
        if (name.Length == 0 || !char.IsAsciiLetter(name[0])) name.Insert(0, "tag-");
        return name.ToString().TrimEnd('-');
    }
}
