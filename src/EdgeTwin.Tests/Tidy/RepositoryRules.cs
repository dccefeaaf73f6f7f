using System.Text.Json;
using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace EdgeTwin.Tests.Tidy;

/// <summary>What documents, examples and build files say about each other.</summary>
internal static partial class RepositoryRules
{
    private const string SchemaComment = "# yaml-language-server: $schema=";

    /// <summary>Links of a document to files that do not exist.</summary>
    public static IEnumerable<string> DeadLinks(string path, string markdown, Func<string, bool> exists)
    {
        foreach (var (number, line) in Repository.Lines(CodeBlock().Replace(markdown, KeepLineEnds)))
        {
            foreach (Match m in Link().Matches(line))
            {
                var target = m.Groups["target"].Value.Split('#')[0];
                if (target.Length == 0 || target.Contains("://", StringComparison.Ordinal)
                    || target.StartsWith("mailto:", StringComparison.Ordinal))
                    continue;
                if (!exists(Resolve(path,
                    target))) yield return $"{path}:{number}: link to '{target}', which does not exist";
            }
        }
    }

    /// <summary>What is wrong with the schema comment by which an editor completes an example.</summary>
    public static IEnumerable<string> SchemaProblems(string path, string yaml, Func<string, bool> exists)
    {
        var first = Repository.Lines(yaml).First().Line;
        if (!first.StartsWith(SchemaComment,
            StringComparison.Ordinal)) yield return $"{path}:1: the first line is not '{SchemaComment}…'";
        else if (!exists(Resolve(path,
            first[SchemaComment.Length..].Trim()))) yield return $"{path}:1: the schema does not exist";
    }

    /// <summary>Packages as (name, version) of the central file.</summary>
    public static IEnumerable<(string Name, string Version)> NuGetPackages(string props) => XDocument.Parse(props)
        .Descendants("PackageVersion").Select(static p =>
            (p.Attribute("Include")!.Value, p.Attribute("Version")!.Value));

    /// <summary>Packages as (name, version) of package.json.</summary>
    public static IEnumerable<(string Name, string Version)> NpmPackages(string json)
    {
        using var document = JsonDocument.Parse(json);
        foreach (var section in (string[])["dependencies", "devDependencies", "optionalDependencies"])
        {
            if (!document.RootElement.TryGetProperty(section, out var packages)) continue;
            foreach (var package in packages.EnumerateObject()) yield return (package.Name, package.Value.GetString()!);
        }
    }

    /// <summary>Packages without a complete row (name, version, licence, reason) in the table of
    /// dependencies.</summary>
    public static IEnumerable<string> Unlisted(IEnumerable<(string Name, string Version)> packages, string table)
    {
        var rows = Repository.Lines(table)
            .Select(static l => l.Line.Split('|', StringSplitOptions.TrimEntries))
            .Where(static cells => cells.Length >= 6 && cells[1..5].All(static c => c.Length > 1))
            .ToLookup(static cells => (cells[1].Trim('`'), cells[2]));
        return packages.Where(p => !rows.Contains(p)).Select(static p => $"{p.Name} {p.Version}");
    }

    /// <summary>Debian packages that test.sh installs.</summary>
    public static IEnumerable<string> AptPackages(string script) =>
        AptPackage().Matches(script).Select(static m => m.Groups["name"].Value);

    /// <summary>The version that is built.</summary>
    public static string Version(string props) => XDocument.Parse(props).Descendants("Version").Single().Value;

    /// <summary>Whether the change log has a section of this version.</summary>
    public static bool HasVersion(string changelog, string version) =>
        Repository.Lines(changelog).Any(l => l.Line.StartsWith($"## {version}", StringComparison.Ordinal)
            && (l.Line.Length == version.Length + 3 || l.Line[version.Length + 3] == ' '));

    private static string Resolve(string from, string target)
    {
        var folder = Path.GetDirectoryName("/" + from)!;
        return Path.GetFullPath(Path.Combine(folder, target))[1..];
    }

    private static string KeepLineEnds(Match block) => new('\n', block.Value.Count(static c => c == '\n'));

    [GeneratedRegex("^```.*?^```", RegexOptions.Singleline | RegexOptions.Multiline | RegexOptions.ExplicitCapture,
        10_000)]
    private static partial Regex CodeBlock();

    [GeneratedRegex(@"\]\((?<target>[^)\s]+)\)", RegexOptions.ExplicitCapture, 10_000)]
    private static partial Regex Link();

    [GeneratedRegex(@"^  (?<name>[a-z0-9.+-]+):/\S+$", RegexOptions.Multiline | RegexOptions.ExplicitCapture, 10_000)]
    private static partial Regex AptPackage();
}
