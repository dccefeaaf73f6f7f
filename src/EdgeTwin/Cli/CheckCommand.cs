using System.CommandLine;
using EdgeTwin.Hosting;

namespace EdgeTwin.Cli;

/// <summary><c>edgetwin check --config F</c>: says everything that is wrong, opens no connection.</summary>
internal static class CheckCommand
{
    public static Command Build()
    {
        var config = ConfigOption.Create();
        var command = new Command(
            "check",
            """
            Check a configuration without starting anything. Exit code 1 when it has errors.

            Example:
              edgetwin check --config /etc/edgetwin/edgetwin.yaml
            """)
        { config };
        command.SetAction(parsed => Check(parsed.GetValue(config)!, parsed.GetValue(CommandLine.Json)));
        return command;
    }

    private static int Check(string path, bool json)
    {
        var result = ConfigurationFile.Load(path);
        if (json)
        {
            Output.Line(new
            {
                ok = result.Errors.Count == 0,
                tags = result.Tags?.Count ?? 0,
                errors = result.Errors.Select(Finding),
                warnings = result.Warnings.Select(Finding),
            });
        }
        else
        {
            foreach (var error in result.Errors) Console.Error.WriteLine(error);
            foreach (var warning in result.Warnings) Console.Error.WriteLine(
                $"{warning.Position}: warning: {warning.Message}");
            Console.WriteLine(result.Errors.Count == 0
                ? $"{path}: ok, {result.Tags!.Count} tags"
                : $"{path}: {result.Errors.Count} error{(result.Errors.Count == 1 ? "" : "s")}");
        }

        return result.Errors.Count == 0 ? ExitCodes.Ok : ExitCodes.Wrong;
    }

    private static object Finding(Configuration.ConfigError error) => new
    {
        file = error.Position.File,
        line = error.Position.Line,
        column = error.Position.Column,
        message = error.Message,
    };
}
