using EdgeTwin.Benchmarks;

// One entry per row of docs/performance.md, named as there.
var benchmarks = new SortedDictionary<string, Func<BenchmarkArguments, Task>>(StringComparer.Ordinal)
{
    ["history-size"] = HistorySizeBenchmark.RunAsync,
    ["journal-speed"] = JournalSpeedBenchmark.RunAsync,
    ["power-cut"] = PowerCutBenchmark.RunAsync,
};

if (args is [JournalWriterProcess.Name, ..])
{
    await JournalWriterProcess.RunAsync(new BenchmarkArguments(args[0], args[1..]));
    return 0;
}

if (args is ["list"] or ["--", "list"])
{
    foreach (var name in benchmarks.Keys) Console.WriteLine(name);
    return 0;
}

if (args.Length == 0 || !benchmarks.TryGetValue(args[0], out var run))
{
    Console.Error.WriteLine($"usage: dotnet run -c Release --project src/EdgeTwin.Benchmarks -- <{string.Join(" | ", benchmarks.Keys)} | list>");
    return 2;
}

var arguments = new BenchmarkArguments(args[0], args[1..]);
await run(arguments);
return arguments.Report.AllOk ? 0 : 1;
