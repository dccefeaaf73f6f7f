using EdgeTwin.Benchmarks.Peers;
using EdgeTwin.Journal;
using EdgeTwin.Tags;
using Microsoft.Extensions.Logging.Abstractions;

namespace EdgeTwin.Benchmarks;

/// <summary>
/// Rounds of <c>kill -9</c> at random moments while the network to the broker flaps. Then: everything that the gateway
/// called committed is in the history and has reached the receiver, and the receiver finds no gap in (epoch, seq).
/// </summary>
internal static class AcknowledgedLossBenchmark
{
    private const int Tags = 20;
    private const int Window = 20;

    public static async Task RunAsync(BenchmarkArguments arguments)
    {
        var rounds = arguments.Option("rounds", 200);
        var seed = arguments.Option("seed", Environment.TickCount);
        var result = await MeasureAsync(rounds, seed, text => Console.Error.WriteLine(text));
        var conditions =
            $"{rounds} rounds of kill -9, seed {seed}, broker link cut and mended, {result.Epochs} epochs, "
            + $"{result.Received} samples received, {result.Committed} committed";
        var report = arguments.Report;
        report.AtMost("committed samples missing in the history", result.MissingInHistory, "samples", 0, conditions);
        report.AtMost("committed samples that did not reach the broker", result.MissingAtReceiver, "samples", 0,
            conditions);
        report.AtMost("gaps in (epoch, seq) at the receiver", result.Gaps, "gaps", 0, conditions);
        report.AtMost("samples received again with another value", result.Changed, "samples", 0, conditions);
        report.AtMost(
            "duplicate messages per fault, most of any round", result.MostDuplicatesPerFault, "messages", Window,
            conditions);
        report.AtLeast("committed samples", result.Committed, "samples", rounds,
            "control: the test did commit something");
    }

    /// <summary>Rounds with every fault that one machine can make: the gateway killed, its connection reset or
    /// swallowed,
    /// the broker killed. A full disk and a clock that is set are simulated, in the tests.</summary>
    public static async Task AllFaultsAsync(BenchmarkArguments arguments)
    {
        var rounds = arguments.Option("real", 50);
        var seed = arguments.Option("seed", Environment.TickCount);
        var result = await MeasureAsync(rounds, seed, text => Console.Error.WriteLine(text), allFaults: true);
        var conditions = $"{rounds} rounds, seed {seed}, {result.Epochs} epochs, {result.Received} samples received; "
            + "the simulated rounds are a test, EDGETWIN_LOSS_ROUNDS=1000 with the filter UplinkCrashTests";
        var report = arguments.Report;
        report.AtMost("committed samples that did not reach the receiver", result.MissingAtReceiver, "samples", 0,
            conditions);
        report.AtMost("gaps in (epoch, seq) at the receiver", result.Gaps, "gaps", 0, conditions);
        report.AtMost("samples received again with another value", result.Changed, "samples", 0, conditions);
        report.AtMost("duplicate messages per fault, most of any round", result.MostDuplicatesPerFault, "messages",
            Window, conditions);
        report.AtLeast("committed samples", result.Committed, "samples", rounds, "control: something was committed");
    }

    /// <summary>Runs the rounds and audits.</summary>
    public static async Task<LossResult> MeasureAsync(
        int rounds, int seed, Action<string> progress, bool allFaults = false)
    {
        var random = new Random(seed);
        var folder = Directory.CreateTempSubdirectory("edgetwin-loss").FullName;
        try
        {
            await using var machine = new CountingMachine();
            await using var broker = await Mosquitto.StartAsync(folder);
            await using var link = new FlappingProxy(broker.Port);
            await using var receiver = new Receiver(broker.Port, "acme/#");
            var configuration = Path.Combine(folder, "edgetwin.yaml");
            await File.WriteAllTextAsync(configuration, Configuration(machine.Port, link.Port));

            var committed = new Dictionary<long, long>();
            var mostPerFault = 0.0;
            for (var round = 1; round <= rounds; round++)
            {
                var before = receiver.DuplicateMessages;
                var faults = await RoundAsync(configuration, link, committed, random, between: allFaults
                    ? () => AnyFaultAsync(link, broker, receiver, random)
                    : null);
                mostPerFault = Math.Max(mostPerFault, (receiver.DuplicateMessages - before) / (double)faults);
                if (round % 10 == 0) progress($"round {round} of {rounds}: {receiver.Samples} samples received");
            }

            await DrainAsync(configuration, committed, receiver);
            return Audit(Path.Combine(folder, "data"), committed, receiver, mostPerFault);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task<int> RoundAsync(string configuration, FlappingProxy link,
        Dictionary<long, long> committed, Random random, Func<Task>? between)
    {
        var first = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var gateway = GatewayProcess.Start(configuration, "Debug", line =>
        {
            if (Note(committed, line)) first.TrySetResult();
        });
        await first.Task.WaitAsync(TimeSpan.FromSeconds(30), TimeProvider.System);

        // Now and then the link stays cut, so that the next life begins with a backlog.
        var staysCut = random.Next(4) == 0;
        var cuts = staysCut ? 1 : random.Next(3);
        for (var cut = 0; cut < cuts; cut++)
        {
            await PauseAsync(random, 10, 300);
            if (between != null && !staysCut)
            {
                await between();
                continue;
            }

            await link.CutAsync();
            await PauseAsync(random, 0, staysCut ? 2000 : 300);
            if (!staysCut) link.Mend();
        }

        await PauseAsync(random, 0, 700);
        await gateway.KillAsync();
        if (staysCut) link.Mend();
        return cuts + 1;
    }

    private static async Task AnyFaultAsync(FlappingProxy link, Mosquitto broker, Receiver receiver, Random random)
    {
        switch (random.Next(3))
        {
            case 0: // reset
                await link.CutAsync();
                await PauseAsync(random, 0, 300);
                link.Mend();
                break;
            case 1: // a black hole; what it swallowed may still arrive
                link.Stall();
                await PauseAsync(random, 100, 5000);
                link.Resume();
                break;
            default:
                // What the broker has taken must reach the receiver before it dies: from there on it is the broker's.
                await link.CutAsync();
                await PauseAsync(random, 300, 500);
                await broker.KillAndRestartAsync(TimeSpan.FromMilliseconds(random.Next(500)));
                await receiver.RestartAsync();
                link.Mend();
                break;
        }
    }

    /// <summary>A last run without a fault, until the receiver has everything that was committed.</summary>
    private static async Task DrainAsync(string configuration, Dictionary<long, long> committed, Receiver receiver)
    {
        await using var gateway = GatewayProcess.Start(configuration, "Debug", line => Note(committed, line));
        var deadline = TimeProvider.System.GetTimestamp();
        while (TimeProvider.System.GetElapsedTime(deadline) < TimeSpan.FromSeconds(60))
        {
            await Task.Delay(TimeSpan.FromMilliseconds(500), TimeProvider.System);
            var got = receiver.Snapshot();
            bool complete;
            lock (committed) complete = committed.Count > 0
                && committed.All(epoch => got.ContainsKey((epoch.Key, epoch.Value)));
            if (complete && receiver.Gaps().Count == 0) break;
        }

        await gateway.StopAsync();
        await Task.Delay(TimeSpan.FromSeconds(1), TimeProvider.System);
    }

    private static LossResult Audit(string data, Dictionary<long, long> committed, Receiver receiver,
        double mostPerFault)
    {
        var received = receiver.Snapshot();
        var history = ReadHistory(data);
        long missingAtReceiver = 0, missingInHistory = 0;
        foreach (var (epoch, last) in committed)
        {
            for (var sequence = 1L; sequence <= last; sequence++)
            {
                if (!received.TryGetValue((epoch, sequence), out var sample)) missingAtReceiver++;
                else if (sample.Value != "null" && !history.Contains((sample.Tag, sample.Value))) missingInHistory++;
            }
        }

        return new LossResult(
            committed.Count, received.Count, committed.Values.Sum(), missingInHistory, missingAtReceiver,
            receiver.Gaps().Count,
            receiver.Changed, mostPerFault);
    }

    private static HashSet<(string Tag, string Value)> ReadHistory(string data)
    {
        var values = new HashSet<(string, string)>();
        using var journal = JournalReader.OpenReadOnly(data);
        for (var i = 0; i < Tags; i++)
        {
            foreach (var sample in journal.ReadRaw($"count-{i}", DateTime.MinValue, DateTime.MaxValue, int.MaxValue))
                values.Add(($"count-{i}", sample.Value.ToString()));
        }

        return values;
    }

    private static bool Note(Dictionary<long, long> committed, string line)
    {
        if (GatewayProcess.Committed(line) is not { } position) return false;
        lock (committed) committed[position.Epoch] = position.Sequence;
        return true;
    }

    private static Task PauseAsync(Random random, int least, int most) =>
        Task.Delay(TimeSpan.FromMilliseconds(random.Next(least, most)), TimeProvider.System);

    private static string Configuration(int machine, int broker) => $$"""
        gateway: { id: loss, data: ./data }
        asset: { path: acme/test/loss }
        sources:
          plc: { driver: modbus-tcp, endpoint: 127.0.0.1:{{machine}}, scan: 20ms, timeout: 500ms }
        tags:
        {{string.Join('\n', Enumerable.Range(0, Tags).Select(i => $"  count-{i}: "
            + $"{{ source: plc, address: holding:{2 * i}, type: uint32 }}"))}}
        uplinks:
          site:
            driver: mqtt
            endpoint: mqtt://127.0.0.1:{{broker}}
            topic: "{asset.path}"
            window: {{Window}}
            keepAlive: 2s
        """;
}
