using System.CommandLine;
using System.Text.Json;
using EdgeTwin.Hosting;

namespace EdgeTwin.Cli;

/// <summary><c>edgetwin status</c>: asks the running gateway how it is.</summary>
internal static class StatusCommand
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    public static Command Build()
    {
        var config = ConfigOption.Create();
        var data = ConfigOption.CreateData();
        var command = new Command(
            "status",
            """
            Show how the running gateway is: sources, tags, journal, models, alarms, uplinks.
            Exit code 3 when none answers.

            Examples:
              edgetwin status --config /etc/edgetwin/edgetwin.yaml
              edgetwin status --data /var/lib/edgetwin --json
            """)
        { config, data };
        command.SetAction(async (parsed, cancellation) =>
        {
            var folder = ConfigOption.DataFolder(parsed, config, data);
            var answer = await AskAsync(folder, "status", null, cancellation);
            if (parsed.GetValue(CommandLine.Json)) Console.WriteLine(answer.GetRawText());
            else Console.Write(StatusText.Format(answer.Deserialize<GatewayStatus>(Output.Json)!));
            return ExitCodes.Ok;
        });
        return command;
    }

    /// <summary>Asks the gateway that runs with the data folder.</summary>
    /// <exception cref="ControlException">No gateway answers, or it refuses.</exception>
    public static Task<JsonElement> AskAsync(
        string folder, string verb, object? arguments, CancellationToken cancellation, TimeSpan? patience = null) =>
        ControlClient.AskAsync(
            folder, verb, arguments, patience ?? Patience, TimeProvider.System, cancellation);
}
