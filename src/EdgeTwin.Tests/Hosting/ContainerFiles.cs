using System.Text.RegularExpressions;

namespace EdgeTwin.Tests.Hosting;

/// <summary>Reads as much of a Dockerfile as is needed to hold it against the repository.</summary>
internal static partial class ContainerFiles
{
    /// <summary>Instructions as (name, arguments), continuation lines joined, comments left out.</summary>
    public static IReadOnlyList<(string Name, string Arguments)> Instructions(string dockerfile) => Continuation()
        .Replace(string.Join('\n', dockerfile.Split('\n').Where(static l => !l.TrimStart().StartsWith('#'))), " ")
        .Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
        .Select(static l => l.Split(' ', 2, StringSplitOptions.TrimEntries))
        .Select(static l => (l[0], l.Length > 1 ? l[1] : "")).ToArray();

    /// <summary>What is wrong: sources that do not exist, stages that are not named, and what an image has to
    /// have.</summary>
    public static IEnumerable<string> Check(string dockerfile, Func<string, bool> exists)
    {
        var instructions = Instructions(dockerfile);
        var stages = new HashSet<string>();
        foreach (var (name, arguments) in instructions)
        {
            if (name == "FROM"
                && Stage().Match(arguments) is { Success: true } stage) stages.Add(stage.Groups["name"].Value);
            if (name is not ("COPY" or "ADD")) continue;
            var words = arguments.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            if (words.FirstOrDefault(static w => w.StartsWith("--from=", StringComparison.Ordinal)) is { } from)
            {
                if (!stages.Contains(
                    from["--from=".Length..])) yield return $"{name} {arguments}: there is no such stage";
                continue;
            }

            foreach (var source in words.Where(static w => !w.StartsWith("--", StringComparison.Ordinal)).SkipLast(1))
                if (!exists(source)) yield return $"{name} {arguments}: '{source}' does not exist";
        }

        var final = instructions.Skip(instructions.ToList().FindLastIndex(static i => i.Name == "FROM")).ToArray();
        if (!final.Any(static i => i.Name == "USER"
            && i.Arguments is not ("root" or "0"))) yield return "it runs as root";
        if (!final.Any(static i => i.Name == "HEALTHCHECK")) yield return "it has no health check";
    }

    [GeneratedRegex(@"\\\n\s*", RegexOptions.None, 10_000)]
    private static partial Regex Continuation();

    [GeneratedRegex(@"\sAS\s+(?<name>\S+)$", RegexOptions.ExplicitCapture, 10_000)]
    private static partial Regex Stage();
}
