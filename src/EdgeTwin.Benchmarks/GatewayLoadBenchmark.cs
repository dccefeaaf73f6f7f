using System.Text;
using System.Text.Json;
using EdgeTwin.Benchmarks.Peers;

namespace EdgeTwin.Benchmarks;

/// <summary>
/// The whole gateway between a Modbus server and mosquitto: <c>latency</c> (answer that carries a new value → message
/// received) and <c>cost</c> (CPU of a core), with 100 and 1,000 tags polled every 100 ms, journal on. The far ends are
/// one process: a probe of ours (<c>probe</c>), or with <c>--gwprobe FILE.c</c> an independent one in C.
/// </summary>
internal static class GatewayLoadBenchmark
{
    /// <summary>Per cent of the processors that the hypervisor may take while a try still counts as quiet.</summary>
    private const double Quiet = 1;

    private static readonly (int Tags, double CostBar)[] Sizes = [(100, 3), (1000, 8)];

    public static Task LatencyAsync(BenchmarkArguments arguments) =>
        RunAsync(arguments, spin: true, (report, tags, _, result, conditions) =>
    {
        report.AtMost($"answer to MQTT p50, {tags} tags", result.P50, "ms", 0.7, conditions);
        report.AtMost($"answer to MQTT p99, {tags} tags", result.P99, "ms", 4, conditions);
        report.AtLeast($"latencies measured, {tags} tags", result.Count, "", 100,
            "control: there is something to measure");
    });

    public static Task CostAsync(BenchmarkArguments arguments) =>
        RunAsync(arguments, spin: false, (report, tags, bar, result, conditions) =>
    {
        report.AtMost($"CPU of a core, {tags} tags x 10/s", result.CpuPercent, "%", bar, conditions);
        report.Note($"resident memory, {tags} tags", result.ResidentMb, "MB", conditions);
    });

    private static async Task RunAsync(
        BenchmarkArguments arguments, bool spin, Action<Report, int, double, ProbeResult, string> say)
    {
        var seconds = arguments.Option("seconds", 20);
        var folder = Directory.CreateTempSubdirectory("edgetwin-load").FullName;
        try
        {
            await using var spinner = spin ? await AwakeCores.StartAsync(folder) : null;
            foreach (var (tags, bar) in Sizes)
            {
                var result = await QuietestAsync(folder, tags, seconds, arguments);
                var conditions = $"{seconds} s, scan 100 ms, journal on, QoS 1, "
                    + $"{(spin ? "cores kept awake" : "cores free to halt")}, {Environment.ProcessorCount} cores, "
                    + $"{result.StealPercent:0.0} % of them taken by the hypervisor, "
                    + $"probe {(arguments.Option("gwprobe") is null ? "in C#" : "in C")}";
                say(arguments.Report, tags, bar, result, conditions);
            }
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>
    /// Measures again while the hypervisor takes the processors away, at most --tries times (5), and returns the
    /// quietest try: what it takes would be measured as ours.
    /// </summary>
    private static async Task<ProbeResult> QuietestAsync(
        string folder, int tags, int seconds, BenchmarkArguments arguments)
    {
        ProbeResult? quietest = null;
        for (var tries = arguments.Option("tries", 5); tries > 0 && quietest is not { StealPercent: < Quiet }; tries--)
        {
            var before = ProcessFigures.Processors();
            var place = Directory.CreateDirectory(Path.Combine(folder, $"{tags}-{tries}")).FullName;
            var result = await MeasureAsync(place, tags, seconds, arguments.Option("gwprobe"));
            var after = ProcessFigures.Processors();
            result = result with { StealPercent = 100.0 * (after.Steal - before.Steal) / (after.All - before.All) };
            if (tries > 1 && result.StealPercent >= Quiet)
            {
                arguments.Report.Note(
                    $"noisy try, p99, {tags} tags", result.P99, "ms",
                    $"{result.StealPercent:0.0} % taken by the hypervisor");
            }

            if (quietest is null || result.StealPercent < quietest.StealPercent) quietest = result;
        }

        return quietest!;
    }

    private static async Task<ProbeResult> MeasureAsync(string place, int tags, int seconds, string? gwprobe)
    {
        await using var broker = await Mosquitto.StartAsync(place);
        var modbus = Ports.Free();
        var configuration = Path.Combine(place, "edgetwin.yaml");
        await File.WriteAllTextAsync(configuration, Configuration(tags, modbus, broker.Port));
        await using var gateway = GatewayProcess.Start(configuration, "Warning");
        var output = await ProbeAsync(place, gwprobe, tags, modbus, broker.Port, seconds, gateway.Id);
        var line = output.Split('\n').Last(text => text.StartsWith('{'));
        using var json = JsonDocument.Parse(line);
        var root = json.RootElement;
        var latency = root.GetProperty("answer_to_mqtt");
        if (latency.ValueKind != JsonValueKind.Object)
            throw new InvalidOperationException(
                $"the probe saw no message: {line}; the gateway said: {string.Join('\n', gateway.Lines)}");
        return new ProbeResult(
            latency.GetProperty("n").GetInt64(), latency.GetProperty("p50_ms").GetDouble(),
            latency.GetProperty("p99_ms").GetDouble(),
            root.GetProperty("pid0_cpu_pct").GetDouble(), root.GetProperty("pid0_rss_mb").GetDouble());
    }

    private static async Task<string> ProbeAsync(
        string folder, string? gwprobe, int tags, int modbus, int broker, int seconds, int gateway)
    {
        string[] options =
        [
            "--mport", $"{modbus}", "--bport", $"{broker}", "--regs", $"{tags}", "--topic", "acme/#", "--seconds",
                $"{seconds}",
            "--warm", "15", "--mode", "array", "--after", "\"r0\":", "--pids", $"{gateway}",
        ];
        if (gwprobe is null)
            return await ChildProcess.RunAsync("dotnet",
                [typeof(GatewayLoadBenchmark).Assembly.Location, "probe", .. options]);
        var program = Path.Combine(folder, "gwprobe");
        await ChildProcess.RunAsync("cc", "-O2", "-w", "-o", program, gwprobe, "-lmodbus", "-lmosquitto", "-lpthread",
            "-I/usr/include/modbus");
        return await ChildProcess.RunAsync(program, options);
    }

    private static string Configuration(int tags, int modbus, int broker)
    {
        var text = new StringBuilder($$"""
            gateway: { id: load, data: ./data }
            asset: { path: acme/test/load }
            sources:
              plc: { driver: modbus-tcp, endpoint: 127.0.0.1:{{modbus}}, scan: 100ms, timeout: 1s }
            uplinks:
              site: { driver: mqtt, endpoint: mqtt://127.0.0.1:{{broker}}, topic: "{asset.path}", status: false }
            tags:

            """);
        for (var i =
            0; i < tags; i++) text.AppendLine($"  r{i}: {{ source: plc, address: holding:{i}, type: uint16 }}");
        return text.ToString();
    }

    private sealed record ProbeResult(long Count, double P50, double P99, double CpuPercent, double ResidentMb)
    {
        public double StealPercent { get; init; }
    }
}
