using System.Diagnostics;
using EdgeTwin.Benchmarks.Fleet;

namespace EdgeTwin.Benchmarks;

/// <summary>
/// Gateways, each with its journal on disk and its uplink, publish with QoS 1 to a cluster of three RabbitMQ nodes. In
/// the middle one node is killed, later it comes back. Then: every receiver, one at each node, has every sample.
/// </summary>
internal static class FleetBenchmark
{
    private static readonly TimeSpan ScanPeriod = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan DrainPatience = TimeSpan.FromMinutes(3);

    public static async Task RunAsync(BenchmarkArguments arguments)
    {
        var count = arguments.Option("gateways", 10);
        var seconds = arguments.Option("seconds", 60);
        var port = arguments.Option("port", 18830);
        var folder = arguments.Option("folder") ?? Directory.CreateTempSubdirectory("edgetwin-fleet-").FullName;
        var cluster = new FleetCluster(
            arguments.Option("script") ?? Path.Combine("deploy", "fleet", "rabbitmq.sh"),
            Directory.CreateDirectory(Path.Combine(folder, "brokers")).FullName, port);
        await cluster.RunAsync("up");
        try
        {
            await MeasureAsync(cluster, Path.Combine(folder, "gateways"), count, seconds, arguments.Report);
        }
        finally
        {
            await cluster.RunAsync("down");
            if (arguments.Option("folder") is null) Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task MeasureAsync(
        FleetCluster cluster, string folder, int count, int seconds, Report report)
    {
        var receivers = Enumerable.Range(0, 3)
            .Select(node => new FleetReceiver($"audit-{node + 1}", cluster.From(node))).ToList();
        await Task.WhenAll(receivers.Select(receiver => receiver.Ready)).WaitAsync(DrainPatience, TimeProvider.System);
        var gateways = Enumerable.Range(0, count)
            .Select(i => new FleetGateway(folder, $"gw-{i + 1}", cluster.From(i % 3))).ToList();
        try
        {
            var fault = FaultAsync(cluster, seconds);
            var skipped = await PublishAsync(gateways, seconds);
            await fault;
            var drainedIn = await DrainAsync(gateways, receivers);
            var conditions = $"{count} gateways of {FleetGateway.TagCount} tags every "
                + $"{ScanPeriod.TotalMilliseconds} ms for {seconds} s, three nodes on one machine, node 2 killed after "
                + $"{seconds / 3} s and started again after {seconds * 2 / 3} s";
            Print(gateways, receivers, seconds, drainedIn, skipped, report, conditions);
        }
        finally
        {
            foreach (var gateway in gateways) await gateway.DisposeAsync();
            foreach (var receiver in receivers) await receiver.DisposeAsync();
        }
    }

    private static async Task FaultAsync(FleetCluster cluster, int seconds)
    {
        await Task.Delay(TimeSpan.FromSeconds(seconds / 3.0), TimeProvider.System);
        await cluster.RunAsync("kill", "2");
        await Task.Delay(TimeSpan.FromSeconds(seconds / 3.0), TimeProvider.System);
        await cluster.RunAsync("start", "2");
    }

    private static async Task<long> PublishAsync(IReadOnlyList<FleetGateway> gateways, int seconds)
    {
        var skipped = 0L;
        var began = Stopwatch.GetTimestamp();
        using var timer = new PeriodicTimer(ScanPeriod, TimeProvider.System);
        for (var scan = 0L; Stopwatch.GetElapsedTime(began).TotalSeconds < seconds; scan++)
        {
            foreach (var gateway in gateways)
            {
                if (!gateway.TryScan(scan)) skipped++;
                gateway.Look();
            }

            await timer.WaitForNextTickAsync();
        }

        return skipped;
    }

    private static async Task<double> DrainAsync(
        List<FleetGateway> gateways, List<FleetReceiver> receivers)
    {
        var began = Stopwatch.GetTimestamp();
        var total = gateways.Sum(gateway => gateway.Appended);
        while (Stopwatch.GetElapsedTime(began) < DrainPatience
            && !(gateways.All(gateway => gateway.IsDrained) && receivers.All(r => r.Received >= total)))
        {
            foreach (var gateway in gateways) gateway.Look();
            await Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System);
        }

        return Stopwatch.GetElapsedTime(began).TotalSeconds;
    }

    private static void Print(
        List<FleetGateway> gateways, List<FleetReceiver> receivers, int seconds, double drainedIn,
        long skipped, Report report, string conditions)
    {
        var total = gateways.Sum(gateway => gateway.Appended);
        for (var i = 0; i < receivers.Count; i++)
        {
            var missing = gateways.Sum(gateway => receivers[i].Missing(gateway.Name, gateway.Appended));
            report.AtMost($"samples missing at receiver {i + 1}", missing, "samples", 0, conditions);
            report.Note($"samples that came again at receiver {i + 1}", receivers[i].Duplicates, "samples",
                $"{receivers[i].Connections} connections");
        }

        report.AtLeast("samples sent", total, "samples", 1, "control: something was sent");
        report.AtLeast("connections of all receivers", receivers.Sum(receiver => receiver.Connections), "connections",
            receivers.Count + 1, "control: one of them lost its node");
        report.AtMost("samples not acknowledged in the end",
            gateways.Sum(gateway => Math.Max(0, gateway.Appended - gateway.Status.Acknowledged)), "samples", 0,
            conditions);
        report.Note("samples sent again by the gateways", gateways.Sum(g => g.Status.Resent), "samples", conditions);
        report.Note("longest time without an acknowledgement, of any gateway",
            gateways.Max(gateway => gateway.LongestPause.TotalSeconds), "s", conditions);
        report.Note("drained after the end", drainedIn, "s", conditions);
        report.Note("scans left out because a journal was full", skipped, "scans", conditions);
        report.Note("rate that was offered", total / (double)seconds, "samples/s", conditions);
    }
}
