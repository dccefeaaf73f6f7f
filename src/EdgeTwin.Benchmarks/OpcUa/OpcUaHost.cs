using System.Runtime.InteropServices;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace EdgeTwin.Benchmarks.OpcUa;

/// <summary>
/// The library's OPC UA server alone, for other people's clients, on 127.0.0.1: <c>--port P</c>, <c>--count N</c>
/// variables
/// that change every <c>--interval MS</c> (0: never), <c>--pki DIR</c> trusts by folder (without it everybody),
/// <c>--log 1</c> tells on the console what happens. Prints one line when it is ready and ends with SIGINT or SIGTERM.
/// </summary>
internal static class OpcUaHost
{
    public static async Task RunAsync(BenchmarkArguments arguments)
    {
        using var logging = arguments.Option("log") is null
            ? null
            : LoggerFactory.Create(static builder => builder.AddSimpleConsole().SetMinimumLevel(LogLevel.Information));
        ILogger logger = logging?.CreateLogger("opcua-host") ?? (ILogger)NullLogger.Instance;
        await using var host = new BenchServer(
            BenchServer.Options(arguments.Option("port", 48400), arguments.Option("pki")),
            arguments.Option("count", 1000),
            TimeSpan.FromMilliseconds(arguments.Option("interval", 100)), TimeProvider.System, logger);
        var stop = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, signal => Stop(signal, stop));
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, signal => Stop(signal, stop));
        await host.StartAsync();
        Console.WriteLine($"opcua-host pid {Environment.ProcessId} ready: {host.Url}");
        await stop.Task;
    }

    private static void Stop(PosixSignalContext signal, TaskCompletionSource stop)
    {
        signal.Cancel = true;
        stop.TrySetResult();
    }
}
