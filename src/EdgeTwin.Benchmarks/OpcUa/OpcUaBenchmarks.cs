namespace EdgeTwin.Benchmarks.OpcUa;

/// <summary>
/// The OPC UA server in a process of its own under load. The built-in client is used unless <c>--measure PATH</c>
/// gives an
/// independent one; <c>--seconds</c> is the window of each figure. Server CPU per operation is what counts: rates and
/// latencies depend on who else uses the processors, whose part is printed beside them.
/// </summary>
internal static class OpcUaBenchmarks
{
    private const int Nodes = 10_000;

    public static async Task SubscriptionsAsync(BenchmarkArguments arguments)
    {
        var load = Load(arguments);
        await using var host = await OpcUaHostProcess.StartAsync(Nodes, 100);
        foreach (var metric in (string[])["sub10000", "sub10000_b256"])
        {
            await load.MeasureAsync(host.Endpoint, host.Id, metric, Nodes);
            var figure = await load.MeasureAsync(host.Endpoint, host.Id, metric, Nodes);
            var said = Conditions(figure);
            arguments.Report.AtMost($"{metric}: server CPU per notification", figure.CpuMicroseconds, "µs", 2.5, said);
            arguments.Report.AtLeast($"{metric}: delivered", figure.Delivered * 100, "%", 99, said);
            arguments.Report.AtMost(
                $"{metric}: change to notification received, p99", figure.P99Microseconds / 1000, "ms", 120, said);
        }
    }

    public static async Task ReadsAsync(BenchmarkArguments arguments)
    {
        var load = Load(arguments);
        await using var host = await OpcUaHostProcess.StartAsync(1000, 100);
        await using var awake = await Peers.AwakeCores.StartAsync(Path.GetTempPath());
        var batch = await WarmAsync(load, host, "read1000", 1000);
        arguments.Report.AtMost("1,000 nodes a request: server CPU per node", batch.CpuMicroseconds, "µs", 0.8,
            Conditions(batch));
        var single = await WarmAsync(load, host, "read1", 1000);
        arguments.Report.AtMost("one node: p50", single.P50Microseconds, "µs", 60, Conditions(single));
        arguments.Report.AtMost("one node: server CPU", single.CpuMicroseconds, "µs", 40, Conditions(single));
        var window = await WarmAsync(load, host, "read1_w32", 1000);
        arguments.Report.AtLeast("one node, 32 outstanding", window.Value, "reads/s", 30_000, Conditions(window));
        arguments.Report.AtMost("one node, 32 outstanding: latest answer", window.MaxMicroseconds / 1000, "ms", 50,
            Conditions(window));
    }

    public static async Task WritesBrowseConnectAsync(BenchmarkArguments arguments)
    {
        var load = Load(arguments);
        await using var host = await OpcUaHostProcess.StartAsync(Nodes, 1000);
        var write = await WarmAsync(load, host, "write100", Nodes);
        arguments.Report.AtMost("100 writes a request: server CPU per write", write.CpuMicroseconds, "µs", 1.5,
            Conditions(write));
        var browse = await WarmAsync(load, host, "browse_folder", Nodes);
        arguments.Report.AtMost("a folder of 10,000: p50", browse.P50Microseconds / 1000, "ms", 20, Conditions(browse));
        var connect = await WarmAsync(load, host, "connect_b256", Nodes);
        arguments.Report.AtMost("connect with Basic256Sha256: server CPU", ConnectMilliseconds(connect), "ms", 8,
            Conditions(connect));
    }

    /// <summary>Against node-opcua's server: <c>--peer SCRIPT</c>, a server with the same folder.</summary>
    public static async Task RatioAsync(BenchmarkArguments arguments)
    {
        const int count = 1000;
        var script = arguments.Option("peer")
            ?? throw new InvalidOperationException("--peer SCRIPT names node-opcua's server");
        var load = Load(arguments);
        var mine = await MeasureAllAsync(await OpcUaHostProcess.StartAsync(count, 100));
        var peer = await MeasureAllAsync(await OpcUaHostProcess.StartNodeOpcUaAsync(script, count, 100));
        arguments.Report.AtLeast("notifications per CPU second, ours to node-opcua's",
            peer.Subscription.CpuMicroseconds / mine.Subscription.CpuMicroseconds, "x", 15,
            $"ours {mine.Subscription.CpuMicroseconds:0.00} µs, {Conditions(mine.Subscription)}; "
            + $"theirs {peer.Subscription.CpuMicroseconds:0.00} µs, {Conditions(peer.Subscription)}");
        arguments.Report.AtLeast("batched reads per CPU second, ours to node-opcua's",
            peer.Read.CpuMicroseconds / mine.Read.CpuMicroseconds, "x", 20,
            $"ours {mine.Read.CpuMicroseconds:0.00} µs, {Conditions(mine.Read)}; "
            + $"theirs {peer.Read.CpuMicroseconds:0.00} µs, {Conditions(peer.Read)}");

        async Task<(LoadFigure Subscription, LoadFigure Read)> MeasureAllAsync(OpcUaHostProcess host)
        {
            await using var ended = host;
            return (await WarmAsync(load, host, "sub1000", count), await WarmAsync(load, host, "read1000", count));
        }
    }

    public static async Task MemoryAsync(BenchmarkArguments arguments)
    {
        var load = Load(arguments);
        await using var host = await OpcUaHostProcess.StartAsync(Nodes, 100);
        var busy = await WarmAsync(load, host, "sub10000", Nodes);
        arguments.Report.AtMost("resident with 10,000 variables and one client with 10,000 items", busy.ResidentMb,
            "MB", 100,
            Conditions(busy));
        // The runtime compiles anew what was used a lot, in bursts for a minute or so: the median leaves them out.
        const int windows = 7;
        var idle = new List<double>();
        for (var i = 0; i < windows; i++)
        {
            var window = await load.MeasureAsync(host.Endpoint, host.Id, "idle", Nodes);
            idle.Add(100 * window.ServerCpuSeconds / window.Seconds);
        }

        arguments.Report.AtMost("idle while 10,000 values change every 100 ms", idle.Order().ElementAt(windows / 2),
            "% of a core", 1, $"median of {windows} windows: {string.Join(", ", idle.Select(i => $"{i:0.00}"))}");
    }

    public static async Task StartAsync(BenchmarkArguments arguments)
    {
        const int starts = 5;
        var pki = Directory.CreateTempSubdirectory("edgetwin-start-").FullName;
        await using (await OpcUaHostProcess.StartAsync(Nodes, 100, "--pki", pki)) { }
        var times = new List<double>();
        for (var i = 0; i < starts; i++)
        {
            var begin = TimeProvider.System.GetTimestamp();
            await using var host = await OpcUaHostProcess.StartAsync(Nodes, 100, "--pki", pki);
            await using (await LoadSession.OpenAsync(host.Endpoint, null))
            {
                times.Add(TimeProvider.System.GetElapsedTime(begin).TotalSeconds);
            }
        }

        Directory.Delete(pki, recursive: true);
        times.Sort();
        arguments.Report.AtMost("process start to an active session, 10,000 variables", times[starts / 2], "s", 1.5,
            $"median of {starts}, {times[0]:0.00}-{times[^1]:0.00} s; certificates made before");
    }

    internal static IOpcUaLoad Load(BenchmarkArguments arguments)
    {
        var seconds = arguments.Option("seconds", 8);
        return arguments.Option("measure") is { } path
            ? new MeasureTool(path, seconds, arguments.Option("tries", 3))
            : new BuiltInLoad(seconds);
    }

    // The first pass lets the server's code be compiled, and is thrown away.
    private static async Task<LoadFigure> WarmAsync(IOpcUaLoad load, OpcUaHostProcess host, string metric, int nodes)
    {
        await load.MeasureAsync(host.Endpoint, host.Id, metric, nodes);
        return await load.MeasureAsync(host.Endpoint, host.Id, metric, nodes);
    }

    private static double ConnectMilliseconds(LoadFigure figure) => figure.CpuMicroseconds / 1000;

    private static string Conditions(LoadFigure f) =>
        $"{f.Value:0}/s, p50 {f.P50Microseconds:0} µs, p99 {f.P99Microseconds:0} µs, {f.ResidentMb:0} MB, "
        + $"noise {f.Noise:0} %";
}
