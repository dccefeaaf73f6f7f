using System.CommandLine;
using EdgeTwin.Hosting;
using EdgeTwin.Journal;
using EdgeTwin.Prediction;

namespace EdgeTwin.Cli;

/// <summary>The verbs of <c>edgetwin</c>, and what its exit codes mean.</summary>
internal static class CommandLine
{
    /// <summary>Machine-readable output; every verb understands it.</summary>
    public static readonly Option<bool> Json = new("--json")
    {
        Description = "Print JSON instead of text.",
        Recursive = true,
    };

    public static async Task<int> RunAsync(string[] arguments)
    {
        var root = new RootCommand("EdgeTwin: a digital twin beside the machine. Documentation: README.md and docs/.")
        {
            RunCommand.Build(), DemoCommand.Build(), CheckCommand.Build(), StatusCommand.Build(),
            ReloadCommand.Build(), AlarmsCommand.Build(), HistoryCommand.Build(), LedgerCommand.Build(),
            VerifyCommand.Build(), TrainCommand.Build(), TagsCommand.Build(), CertsCommand.Build(),
            BrowseCommand.Build(), ReadCommand.Build(), WriteCommand.Build(), WatchCommand.Build(),
            VersionCommand.Build(),
        };
        root.Options.Add(Json);
        var parsed = root.Parse(arguments);
        if (parsed.Errors.Count == 0) return await InvokeAsync(parsed);

        foreach (var error in parsed.Errors) await Console.Error.WriteLineAsync(error.Message);
        await Console.Error.WriteLineAsync(
            $"'edgetwin {parsed.CommandResult.Command.Name} --help' shows what there is.");
        return ExitCodes.Usage;
    }

    private static async Task<int> InvokeAsync(ParseResult parsed)
    {
        try
        {
            return await parsed.InvokeAsync(new InvocationConfiguration
            {
                EnableDefaultExceptionHandler = false,
                ProcessTerminationTimeout = TimeSpan.FromSeconds(5),
            });
        }
        catch (CommandException failed)
        {
            await Console.Error.WriteLineAsync($"edgetwin: {failed.Message}");
            return failed.ExitCode;
        }
        catch (Exception failed) when (failed is JournalException or ModelException or ControlException or IOException
            or UnauthorizedAccessException)
        {
            await Console.Error.WriteLineAsync($"edgetwin: {failed.Message}");
            return ExitCodes.Failed;
        }
    }
}
