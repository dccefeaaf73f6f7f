using System.Text.RegularExpressions;

namespace EdgeTwin.Tests.Tidy;

/// <summary>XML documentation: of what a user writes in a configuration, and of what a library shows.</summary>
internal static partial class DocumentationRules
{
    /// <summary>Members of configuration records (files <c>*Config.cs</c>) without documentation.</summary>
    public static IEnumerable<string> CheckConfig(string path, string text) => Undocumented(path, text, ConfigMember());

    /// <summary>Public types, and public members of public types, without documentation.</summary>
    public static IEnumerable<string> CheckPublic(string path, string text) =>
        PublicType().IsMatch(text) ? Undocumented(path, text, PublicMember()) : [];

    private static IEnumerable<string> Undocumented(string path, string text, Regex member)
    {
        var documented = false;
        var insideAttribute = false;
        foreach (var (number, line) in Repository.Lines(text))
        {
            var trimmed = line.Trim();
            // An attribute may take several lines; what was documented above it still is.
            if (insideAttribute || trimmed.StartsWith('['))
            {
                insideAttribute = insideAttribute
                    ? !trimmed.EndsWith(']')
                    : trimmed.Count(static c => c == '[') > trimmed.Count(static c => c == ']');
                continue;
            }

            if (trimmed.StartsWith("///", StringComparison.Ordinal)) documented = true;
            else if (trimmed.StartsWith("//", StringComparison.Ordinal)) continue;
            else
            {
                if (!documented && member.IsMatch(line)) yield return $"{path}:{number}: not documented: {trimmed}";
                documented = false;
            }
        }
    }

    [GeneratedRegex(@"^\s*public [^(=]*\{ get; init; \}|^(?:internal|public) .*\brecord\b",
        RegexOptions.ExplicitCapture, 10_000)]
    private static partial Regex ConfigMember();

    [GeneratedRegex(@"^public ", RegexOptions.Multiline | RegexOptions.ExplicitCapture, 10_000)]
    private static partial Regex PublicType();

    // Four spaces: a member of the file's type. What an override or a disposal does is known.
    [GeneratedRegex(@"^(?:    )?public (?!override|.*\bDispose(?:Async)?\()", RegexOptions.ExplicitCapture, 10_000)]
    private static partial Regex PublicMember();
}
