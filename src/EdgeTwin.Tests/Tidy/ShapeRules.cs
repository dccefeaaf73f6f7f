using System.Text.RegularExpressions;

namespace EdgeTwin.Tests.Tidy;

/// <summary>How a file of code looks.</summary>
internal static partial class ShapeRules
{
    public const int MostLines = 400;
    public const int MostColumns = 120;

    /// <summary>Length, width, tabs and what does not belong in code that is finished.</summary>
    public static IEnumerable<string> Check(string path, string text)
    {
        var count = 0;
        foreach (var (number, line) in Repository.Lines(text))
        {
            count = number;
            if (line.Length > MostColumns)
                yield return $"{path}:{number}: {line.Length} columns, {MostColumns} are allowed";
            if (line.Contains('\t', StringComparison.Ordinal)) yield return $"{path}:{number}: a tab";
            if (Unfinished().IsMatch(line)) yield return $"{path}:{number}: unfinished: {line.Trim()}";
        }

        if (count > MostLines) yield return $"{path}: {count} lines, {MostLines} are allowed";
    }

    /// <summary>Calls and directives that the style guide bans; what comments and strings say does not count.</summary>
    public static IEnumerable<string> CheckCode(string path, string text) => Repository
        .Lines(Repository.WithoutCommentsAndStrings(text))
        .Where(static l => Banned().IsMatch(l.Line))
        .Select(l => $"{path}:{l.Number}: banned: {l.Line.Trim()}");

    /// <summary>One type per file, the file named after it; nested and <c>file</c> types belong to theirs.</summary>
    public static IEnumerable<string> CheckTypes(string path, string text)
    {
        var types = TopLevelType().Matches(Repository.WithoutCommentsAndStrings(text))
            .Select(static m => m.Groups["name"].Value).Distinct().ToArray();
        if (types.Length > 1) yield return $"{path}: {types.Length} types ({string.Join(", ", types)}), one is allowed";
        var stem = Path.GetFileName(path).Split('.')[0];
        if (types is [var only] && only != stem) yield return $"{path}: holds {only}, so its name is {only}.cs";
    }

    [GeneratedRegex(@"\b(TO[D]O|FIX[M]E|HA[C]K|X[X]X)\b", RegexOptions.ExplicitCapture, 10_000)]
    private static partial Regex Unfinished();

    [GeneratedRegex(@"^\s*#\s*(region|if|pragma warning disable\s*$)|\bThread\.Sleep\b|\basync void\b"
        + @"|\bcatch\s*(\([^)]*\))?\s*\{\s*\}", RegexOptions.ExplicitCapture, 10_000)]
    private static partial Regex Banned();

    [GeneratedRegex(@"^(?:(?:public|internal|sealed|static|abstract|readonly|partial|ref|unsafe)\s+)+"
        + @"(?:class|struct|interface|enum|record(?:\s+(?:class|struct))?|delegate\s+[\w<>?,. \[\]]+?)\s+(?<name>\w+)",
        RegexOptions.Multiline | RegexOptions.ExplicitCapture, 10_000)]
    private static partial Regex TopLevelType();
}
