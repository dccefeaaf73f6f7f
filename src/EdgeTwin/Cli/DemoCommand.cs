using System.CommandLine;
using EdgeTwin.Hosting;
using Microsoft.Extensions.Logging;
using Spectre.Console;

namespace EdgeTwin.Cli;

/// <summary>
/// <c>edgetwin demo</c>: a recording of a real machine behind a Modbus TCP server, and the gateway in front of it, with
/// nothing else prepared.
/// </summary>
internal static class DemoCommand
{
    private const string UsualBroker = "mqtt://127.0.0.1:1883";

    public static Command Build()
    {
        var limit = new Option<string?>("--for")
        {
            Description = "Stop by itself after this time, such as 60s.",
            HelpName = "duration"
        };
        var data = new Option<string?>("--data")
        {
            Description = "Keep what the demo makes in this folder.",
            HelpName =
            "folder"
        };
        var speed = new Option<double>("--speed")
        {
            Description = "Play the recording this many times faster.",
            DefaultValueFactory = _ => 1
        };
        var tags = new Option<int>("--tags")
        {
            Description =
            "Number of tags in all; those beyond the recording wander.",
            DefaultValueFactory = _ => 0
        };
        var broker = new Option<string>("--broker")
        {
            Description = "MQTT broker; none need be there.",
            DefaultValueFactory = _ => UsualBroker
        };
        speed.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<double>() is not (> 0 and <= 1000)) result.AddError(
                "--speed: give a number above 0, up to 1000");
        });
        tags.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int>() is not (>= 0 and <= 5000)) result.AddError(
                "--tags: give a number from 0 to 5000");
        });
        var command = new Command(
            "demo",
            """
            Play a recording of a real pump over Modbus TCP and run the gateway against it, with a live table.

            Examples:
              edgetwin demo
              edgetwin demo --speed 10 --for 60s --json
              edgetwin demo --data ./demo-data --broker mqtt://127.0.0.1:1883
            """)
        { limit, data, speed, tags, broker };
        command.SetAction((parsed, cancellation) => RunAsync(
            new DemoOptions(
                Durations.Parse("--for", parsed.GetValue(limit)), parsed.GetValue(data), parsed.GetValue(speed),
                parsed.GetValue(tags),
                parsed.GetValue(broker)!, parsed.GetValue(CommandLine.Json)),
            cancellation));
        return command;
    }

    private static async Task<int> RunAsync(DemoOptions options, CancellationToken cancellation)
    {
        var time = TimeProvider.System;
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        if (options.Limit is { } limit) stop.CancelAfter(limit);
        var folder = options.DataFolder is { } given
            ? Directory.CreateDirectory(given).FullName
            : Directory.CreateTempSubdirectory("edgetwin-demo-").FullName;
        var onScreen = !options.Json && !Console.IsOutputRedirected && AnsiConsole.Profile.Capabilities.Interactive;
        try
        {
            var recent = new RecentLogs(6, time);
            using var logs = onScreen
                ? LoggerFactory.Create(logging => logging.AddProvider(recent))
                : Logs.ToConsole(LogLevel.Information);
            var last = await PlayAsync(options, folder, onScreen ? recent : null, logs, time, stop.Token);
            if (options.Json) Output.Line(RunSummary.From(last));
            else if (!onScreen) Console.Write(StatusText.Format(last));
            if (options.DataFolder is not null && !options.Json) Console.WriteLine($"Everything is kept in {folder}.");
            return ExitCodes.Ok;
        }
        finally
        {
            if (options.DataFolder is null) Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task<GatewayStatus> PlayAsync(
        DemoOptions options, string folder, RecentLogs? screen, ILoggerFactory logs, TimeProvider time,
        CancellationToken stop)
    {
        await using var machine = await DemoMachine.StartAsync(
            DemoFiles.Recording, Math.Max(0, options.Tags - DemoFiles.RecordedTags), options.Speed, time,
            logs.CreateLogger("Demo"), stop);
        var opcUaPort = DemoPort.Free();
        var file = DemoFiles.WriteConfiguration(folder, machine, opcUaPort, options);
        var loaded = ConfigOption.LoadOrFail(file);
        await using var gateway = Gateway.Open(loaded, logs, time, options.Speed, () => ConfigurationFile.Load(file));
        string[] places =
        [
            $"machine Modbus TCP on {machine.Endpoint}, unit 1, recording {Path.GetFileName(DemoFiles.Recording)} at "
                + $"{options.Speed:0.#}x",
            $"broker  {options.Broker}, topics {loaded.Config!.Asset.Path}/#  (mosquitto_sub -v -t "
                + $"'{loaded.Config.Asset.Path}/#')",
            $"opc ua  opc.tcp://127.0.0.1:{opcUaPort}, anonymous, no security{(opcUaPort == DemoPort.Usual ? ""
                : $" ({DemoPort.Usual} is taken)")}  (edgetwin browse opc.tcp://127.0.0.1:{opcUaPort} --security none, "
                + "or UaExpert)",
            $"data    {folder}",
            $"status  edgetwin status --data {gateway.DataFolder}",
        ];
        if (screen is null && !options.Json)
        {
            foreach (var place in places) Console.WriteLine(place);
        }

        using var stopScreen = new CancellationTokenSource();
        var playing = PlayUntilAsync(machine, stop);
        var running = gateway.RunAsync(stop);
        var drawing = screen is null ? Task.CompletedTask
            : DrawAsync(gateway, places, screen, time, running, stopScreen.Token);
        await running;
        await stopScreen.CancelAsync();
        await Task.WhenAll(playing, drawing);
        return await gateway.StatusAsync();
    }

    private static async Task PlayUntilAsync(DemoMachine machine, CancellationToken stop)
    {
        try
        {
            await machine.RunAsync(stop);
        }
        catch (OperationCanceledException)
        {
            // The demo is over.
        }
    }

    private static Task DrawAsync(
        Gateway gateway, string[] places, RecentLogs screen, TimeProvider time, Task running, CancellationToken stop) =>
        running.IsCompleted
            ? running
            : new LiveTable(places, screen, AnsiConsole.Console, time).RunAsync(gateway.StatusAsync, stop);
}
