using System.CommandLine;
using System.Runtime.InteropServices;
using EdgeTwin.Hosting;
using Microsoft.Extensions.Logging;

namespace EdgeTwin.Cli;

/// <summary><c>edgetwin run --config F</c>: the gateway, until it is told to stop.</summary>
internal static class RunCommand
{
    public static Command Build()
    {
        var config = ConfigOption.Create();
        var level = new Option<LogLevel>("--log-level")
        {
            Description = "Least level that is logged.",
            DefaultValueFactory = _ => LogLevel.Information
        };
        var limit = new Option<string?>("--for")
        {
            Description = "Stop by itself after this time, such as 60s.",
            HelpName = "duration"
        };
        var command = new Command(
            "run",
            """
            Run the gateway until SIGTERM or Ctrl-C. Logs go to standard error. SIGHUP has it read its configuration
            again, as 'edgetwin reload' does.

            Examples:
              edgetwin run --config /etc/edgetwin/edgetwin.yaml
              edgetwin run -c edgetwin.yaml --for 60s --json
            """)
        { config, level, limit };
        command.SetAction(async (parsed, cancellation) =>
        {
            var file = parsed.GetValue(config)!;
            var loaded = ConfigOption.LoadOrFail(file);
            using var logs = Logs.ToConsole(parsed.GetValue(level));
            using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
            if (Durations.Parse("--for", parsed.GetValue(limit)) is { } time) stop.CancelAfter(time);
            await using var gateway = Gateway.Open(
                loaded, logs, TimeProvider.System, load: () => ConfigurationFile.Load(file));
            using var hangUp = PosixSignalRegistration.Create(PosixSignal.SIGHUP, signal =>
            {
                signal.Cancel = true; // its default is to end the process
                gateway.RequestReload();
            });
            await gateway.RunAsync(stop.Token);
            if (parsed.GetValue(CommandLine.Json)) Output.Line(RunSummary.From(await gateway.StatusAsync()));
            return ExitCodes.Ok;
        });
        return command;
    }
}
