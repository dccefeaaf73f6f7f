using System.Text.RegularExpressions;

namespace EdgeTwin.Benchmarks.Peers;

/// <summary>The product itself, run as its users run it: <c>edgetwin run --config F</c> in its own process.</summary>
internal static partial class GatewayProcess
{
    public static ChildProcess Start(string configuration, string logLevel = "Information", Action<string>? onLine =
        null) =>
        ChildProcess.Start(
            "dotnet", [Path.Combine(AppContext.BaseDirectory, "edgetwin.dll"), "run", "--config", configuration,
            "--log-level", logLevel],
            onLine);

    /// <summary>The position in a line that says what was committed, as debug logging prints it.</summary>
    public static (long Epoch, long Sequence)? Committed(string line)
    {
        var match = CommittedLine().Match(line);
        return match.Success ? (long.Parse(match.Groups["epoch"].Value), long.Parse(match.Groups["sequence"].Value))
            : null;
    }

    [GeneratedRegex(@"committed up to (?<epoch>\d+):(?<sequence>\d+)", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex CommittedLine();
}
