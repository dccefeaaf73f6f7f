using EdgeTwin.Benchmarks.Peers;

namespace EdgeTwin.Benchmarks;

/// <summary>Memory of the demo with 100 tags, and the time from process start to the first good sample at the
/// broker.</summary>
internal static class FootprintBenchmark
{
    private const int Starts = 5;

    public static async Task RunAsync(BenchmarkArguments arguments)
    {
        var folder = Directory.CreateTempSubdirectory("edgetwin-footprint").FullName;
        try
        {
            await using var broker = await Mosquitto.StartAsync(folder);
            await MeasureMemoryAsync(arguments, broker.Port);
            await MeasureStartAsync(arguments.Report, folder, broker.Port);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task MeasureMemoryAsync(BenchmarkArguments arguments, int broker)
    {
        var seconds = arguments.Option("seconds", 45);
        await using var demo = ChildProcess.Start(
            "dotnet",
            [Path.Combine(AppContext.BaseDirectory, "edgetwin.dll"), "demo", "--tags", "100", "--broker",
            $"mqtt://127.0.0.1:{broker}"]);
        await Task.Delay(TimeSpan.FromSeconds(seconds), TimeProvider.System);
        if (demo.HasExited) throw new InvalidOperationException($"the demo ended: {string.Join('\n', demo.Lines)}");
        arguments.Report.AtMost(
            "resident memory of the demo, 100 tags", ProcessFigures.ResidentMb(demo.Id), "MB", 120,
            $"after {seconds} s; Modbus server, gateway, model and journal in one process");
        arguments.Report.Note("peak resident memory of the demo", ProcessFigures.PeakResidentMb(demo.Id), "MB",
            "same run");
        await demo.StopAsync("-INT");
    }

    private static async Task MeasureStartAsync(Report report, string folder, int broker)
    {
        await using var machine = new CountingMachine();
        var configuration = Path.Combine(folder, "edgetwin.yaml");
        var tags = Enumerable.Range(0, 50).Select(i =>
            $"  t{i}: {{ source: plc, address: holding:{2 * i}, type: uint32 }}");
        await File.WriteAllTextAsync(configuration, $$"""
            gateway: { id: start, data: ./data }
            asset: { path: acme/test/start }
            sources:
              plc: { driver: modbus-tcp, endpoint: 127.0.0.1:{{machine.Port}}, scan: 100ms, timeout: 500ms }
            tags:
            {{string.Join('\n', tags)}}
            uplinks:
              site: { driver: mqtt, endpoint: mqtt://127.0.0.1:{{broker}}, topic: "{asset.path}" }
            """);
        var times = new List<double>();
        for (var start = 0; start < Starts; start++) times.Add(await StartOnceAsync(configuration, broker));
        times.Sort();
        report.AtMost(
            "process start to first good sample at the broker", times[Starts / 2], "s", 1.5,
            $"median of {Starts} starts, {times[0]:0.00}-{times[^1]:0.00} s, Release build");
    }

    private static async Task<double> StartOnceAsync(string configuration, int broker)
    {
        var arrived = new TaskCompletionSource<long>(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var receiver = ChildProcess.Start(
            "mosquitto_sub", ["-h", "127.0.0.1", "-p", $"{broker}", "-t", "acme/test/start"],
            line =>
            {
                if (line.Contains("\"values\":{\"t0\":", StringComparison.Ordinal)
                    && !line.Contains("\"t0\":null", StringComparison.Ordinal))
                    arrived.TrySetResult(TimeProvider.System.GetTimestamp());
            });
        await Task.Delay(TimeSpan.FromMilliseconds(500), TimeProvider.System);
        var start = TimeProvider.System.GetTimestamp();
        await using var gateway = GatewayProcess.Start(configuration, "Warning");
        var first = await arrived.Task.WaitAsync(TimeSpan.FromSeconds(30), TimeProvider.System);
        await gateway.StopAsync();
        return TimeProvider.System.GetElapsedTime(start, first).TotalSeconds;
    }
}
