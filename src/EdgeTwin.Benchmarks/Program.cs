using EdgeTwin.Benchmarks;
using EdgeTwin.Benchmarks.OpcUa;
using EdgeTwin.Benchmarks.PowerCut;

// One entry per row of docs/performance.md, named as there.
var benchmarks = new SortedDictionary<string, Func<BenchmarkArguments, Task>>(StringComparer.Ordinal)
{
    ["acknowledged-loss"] = AcknowledgedLossBenchmark.RunAsync,
    ["allocation"] = UplinkBenchmarks.AllocationAsync,
    ["codec"] = CodecRun.RunAsync,
    ["cost"] = GatewayLoadBenchmark.CostAsync,
    ["engine"] = EngineBenchmark.RunAsync,
    ["fleet"] = FleetBenchmark.RunAsync,
    ["footprint"] = FootprintBenchmark.RunAsync,
    ["history-size"] = HistorySizeBenchmark.RunAsync,
    ["journal-speed"] = JournalSpeedBenchmark.RunAsync,
    ["latency"] = GatewayLoadBenchmark.LatencyAsync,
    ["modbus-driver"] = ModbusDriverBenchmark.RunAsync,
    ["loss"] = AcknowledgedLossBenchmark.AllFaultsAsync,
    ["memory"] = OpcUaBenchmarks.MemoryAsync,
    ["outage"] = OutageBenchmark.RunAsync,
    ["power-cut"] = PowerCutBenchmark.RunAsync,
    ["ratio"] = OpcUaBenchmarks.RatioAsync,
    ["reads"] = OpcUaBenchmarks.ReadsAsync,
    ["recovery"] = RecoveryBenchmark.RunAsync,
    ["sessions"] = OpcUaSessionsBenchmark.RunAsync,
    ["start"] = OpcUaBenchmarks.StartAsync,
    ["subscriptions"] = OpcUaBenchmarks.SubscriptionsAsync,
    ["throughput"] = UplinkBenchmarks.ThroughputAsync,
    ["writes-browse-connect"] = OpcUaBenchmarks.WritesBrowseConnectAsync,
};

// Processes that benchmarks start from this same program.
var helpers = new Dictionary<string, Func<BenchmarkArguments, Task>>(StringComparer.Ordinal)
{
    [JournalWriterProcess.Name] = JournalWriterProcess.RunAsync,
    ["opcua-host"] = OpcUaHost.RunAsync,
    ["probe"] = Probe.RunAsync,
};

if (args is ["list"] or ["--", "list"])
{
    foreach (var name in benchmarks.Keys) Console.WriteLine(name);
    return 0;
}

if (args.Length == 0 || !(benchmarks.TryGetValue(args[0], out var run) || helpers.TryGetValue(args[0], out run)))
{
    Console.Error.WriteLine("usage: dotnet run -c Release --project src/EdgeTwin.Benchmarks -- "
        + $"<{string.Join(" | ", benchmarks.Keys)} | list>");
    return 2;
}

var arguments = new BenchmarkArguments(args[0], args[1..]);
await run(arguments);
return arguments.Report.AllOk ? 0 : 1;
