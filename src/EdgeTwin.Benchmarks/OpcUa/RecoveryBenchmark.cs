using EdgeTwin.Benchmarks.OpcUa.Recovery;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace EdgeTwin.Benchmarks.OpcUa;

/// <summary>
/// One client of ours through <c>--rounds</c> faults (default 60, all kinds in turn, <c>--seed</c>) of node-opcua's
/// server and of the way to it. <c>--log 1</c> tells what happens.
/// </summary>
internal static class RecoveryBenchmark
{
    private const double BarSeconds = 15;

    public static async Task RunAsync(BenchmarkArguments arguments)
    {
        using var logging = arguments.Option("log") is null
            ? null
            : LoggerFactory.Create(static builder => builder.AddSimpleConsole(static o =>
                (o.SingleLine, o.TimestampFormat) = (true, "HH:mm:ss.fff ")));
        var logger = logging?.CreateLogger("client") ?? (ILogger)NullLogger.Instance;
        var seed = arguments.Option("seed", 1);
        var random = new Random(seed);
        var faults = Enum.GetValues<RecoveryFault>();
        var rounds = new List<RecoveryRound>();
        var rig = await RecoveryRig.StartAsync(random, logger);
        try
        {
            for (var i = 0; i < arguments.Option("rounds", 60); i++)
            {
                var round = await rig.RunAsync(faults[i % faults.Length]);
                rounds.Add(round);
                await Console.Error.WriteLineAsync(
                    $"{i + 1}: {round.Fault}, {round.Took?.TotalSeconds:0.00} s, {round.Missing} missing, {round.How}");
                if (round.Took is not null) continue;
                await rig.DisposeAsync();
                rig = await RecoveryRig.StartAsync(random, logger);
            }
        }
        finally
        {
            await rig.DisposeAsync();
        }

        foreach (var fault in faults)
            Tell(arguments.Report, fault.ToString(), seed, [.. rounds.Where(r => r.Fault == fault)]);
        Tell(arguments.Report, "all", seed, rounds);
    }

    private static void Tell(Report report, string name, int seed, List<RecoveryRound> rounds)
    {
        if (rounds.Count == 0) return;
        var times = rounds.Select(static r => r.Took).OfType<TimeSpan>().Select(static t => t.TotalSeconds).Order()
            .ToArray();
        var hows = rounds.GroupBy(static r => r.How).Select(static g => $"{g.Count()} {g.Key}");
        var said = $"{rounds.Count} rounds, seed {seed}: {string.Join(", ", hows)}";
        report.AtLeast($"{name}: recovered", 100.0 * times.Length / rounds.Count, "%", 100, said);
        report.AtMost($"{name}: values missing", rounds.Sum(static r => r.Missing), "values", 0, said);
        if (times.Length == 0) return;
        report.AtMost($"{name}: endpoint back to first value, p99", At(times, 0.99), "s", BarSeconds,
            $"p50 {At(times, 0.5):0.00} s, max {times[^1]:0.00} s; {said}");
    }

    private static double At(double[] sorted, double part) =>
        sorted[Math.Clamp((int)Math.Ceiling(part * sorted.Length) - 1, 0, sorted.Length - 1)];
}
