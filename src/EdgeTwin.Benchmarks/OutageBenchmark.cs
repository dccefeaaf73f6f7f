using System.Buffers.Text;
using System.Diagnostics;
using EdgeTwin.Benchmarks.Peers;
using EdgeTwin.Journal;
using EdgeTwin.Tags;
using EdgeTwin.Upstream;
using Microsoft.Extensions.Logging.Abstractions;

namespace EdgeTwin.Benchmarks;

/// <summary>
/// A broker that is away for days at 1,000 samples a second: a real journal on disk, filled as fast as it goes with the
/// clock of the samples ahead of it. Then the gateway's restart with that backlog, and its way through to a real
/// mosquitto with live samples in between.
/// </summary>
internal static class OutageBenchmark
{
    private const int TagCount = 100;
    private const int PerSecond = 1000;
    private const int LiveSeconds = 60;
    private const int WarmSeconds = 3; // of code that runs for the first time
    private const int AlarmScans = 600;
    private const int AlarmBytes = 512; // a message with an alarm alone is shorter
    private static readonly TimeSpan ScanPeriod = TimeSpan.FromMilliseconds(100);

    public static async Task RunAsync(BenchmarkArguments arguments)
    {
        var days = arguments.Option("days") is { } text ? double.Parse(text) : 1;
        var total = (long)(days * 86_400 * PerSecond) / TagCount * TagCount;
        var folder = arguments.Option("folder") ?? Directory.CreateTempSubdirectory("edgetwin-outage-").FullName;
        try
        {
            var conditions = $"{days} days at {PerSecond} samples/s: {total} samples of {TagCount} tags, batches of "
                + "1000";
            Fill(folder, total, arguments.Report, conditions);
            await DrainAsync(folder, total, arguments.Report, conditions, arguments.Option("awake") is not null);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static void Fill(string folder, long total, Report report, string conditions)
    {
        var tags = Table();
        using var journal = Open(folder, tags);
        journal.OpenOutbox("site"); // its cursor stays where it is, so nothing is deleted
        var scans = BenchTags.Walk(TagCount, default, TimeSpan.Zero);
        var start = TimeProvider.System.GetUtcNow().UtcDateTime.AddSeconds(-total / (double)PerSecond);
        var wall = Stopwatch.GetTimestamp();
        for (var scan = 0L; scan * TagCount < total; scan++)
        {
            var samples = scans[scan % scans.Length];
            var time = start + scan * ScanPeriod;
            for (var i = 0; i < samples.Length; i++)
                samples[i] = samples[i] with { SourceTime = time, ReceiveTime = time };
            if (!journal.TryAppend(samples)) throw new InvalidOperationException("the journal is full");
            if (scan % AlarmScans == 0 && !journal.TryAppend([samples[0] with
            {
                Tag = new TagId(TagCount),
                Value = TagValue.From(scan / AlarmScans % 60 == 0),
            }])) throw new InvalidOperationException("the journal is full");
            if (journal.Writer.Tail.Appended - journal.Writer.Tail.Committed > SampleTail.DefaultCapacity / 2)
                journal.Writer.Step();
        }

        journal.Writer.Step();
        report.Note("journal filled", total / Stopwatch.GetElapsedTime(wall).TotalSeconds, "samples/s", conditions);
        report.Note("journal on disk", new FileInfo(Path.Combine(folder, "journal.db")).Length / 1e6, "MB", conditions);
    }

    private static async Task DrainAsync(
        string folder, long total, Report report, string conditions, bool isAwake)
    {
        await using var broker = await Mosquitto.StartAsync(Directory.CreateDirectory(
            Path.Combine(folder, "broker")).FullName);
        await using var awake = isAwake ? await AwakeCores.StartAsync(folder) : null;
        var normal = new List<double>();
        var during = new List<double>();
        var guard = new Lock();
        var latencies = normal;
        var liveSince = DateTime.MaxValue;
        var received = 0L;
        var alarms = 0;
        var lastAlarm = TimeProvider.System.GetTimestamp();
        await using var subscriber = await RawSubscriber.StartAsync(broker.Port, "acme/#", (payload, _) =>
        {
            var now = TimeProvider.System.GetUtcNow().UtcDateTime;
            if (Received(payload) is not { } time) return;
            lock (guard)
            {
                received++;
                if (payload.Length < AlarmBytes && payload.IndexOf("\"alarm\""u8) >= 0)
                {
                    alarms++;
                    lastAlarm = TimeProvider.System.GetTimestamp();
                }

                if (time >= liveSince) latencies.Add((now - time).TotalMilliseconds);
            }
        });

        // How it is without a backlog, first: a journal of its own.
        var other = Directory.CreateTempSubdirectory("edgetwin-normal-").FullName;
        liveSince = TimeProvider.System.GetUtcNow().UtcDateTime.AddSeconds(WarmSeconds);
        try
        {
            await using var calm = new Run(other, broker.Port);
            await calm.LiveAsync(WarmSeconds + LiveSeconds, () => false);
        }
        finally
        {
            Directory.Delete(other, recursive: true);
        }

        var opening = Stopwatch.GetTimestamp();
        await using var run = new Run(folder, broker.Port);
        var ready = Stopwatch.GetElapsedTime(opening).TotalSeconds;
        report.AtMost("ready after a restart with that backlog", ready, "s", 10, conditions);
        lock (guard)
        {
            latencies = during;
            liveSince = TimeProvider.System.GetUtcNow().UtcDateTime.AddSeconds(WarmSeconds);
        }

        var began = Stopwatch.GetTimestamp();
        await run.LiveAsync(int.MaxValue, () => run.Pump.Status().Acknowledged >= total);
        var seconds = Stopwatch.GetElapsedTime(began).TotalSeconds;
        report.AtLeast("backlog drained, batched", total / seconds, "samples/s", 100_000, conditions);
        report.Note("last change of an alarm in the backlog", Stopwatch.GetElapsedTime(began, lastAlarm).TotalSeconds,
            "s", $"{alarms} changes; the whole backlog took {seconds:0} s");
        report.Note("memory during the drain", ProcessFigures.PeakResidentMb(Environment.ProcessId), "MB",
            "peak of the whole benchmark, subscriber included");
        lock (guard)
        {
            var calmly = Percentile(normal, 0.99);
            var busy = Percentile(during, 0.99);
            report.Note("live latency p99 without a backlog", calmly, "ms", $"{normal.Count} messages");
            report.AtMost("live latency p99 during the drain", busy, "ms", 2 * calmly,
                $"{during.Count} messages, at most twice the normal one; {conditions}");
            report.AtLeast("messages received", received, "messages", 1, "control: the subscriber did receive");
        }
    }

    // The receive time of a batch's first scan; null for anything else.
    private static DateTime? Received(ReadOnlySpan<byte> payload)
    {
        var at = payload.IndexOf("\"received\":\""u8);
        return at >= 0 && Utf8Parser.TryParse(payload[(at + 12)..], out DateTime time, out _, 'O')
            ? time.ToUniversalTime() : null;
    }

    private static double Percentile(List<double> values, double part) =>
        values.Count == 0 ? double.NaN : values.Order().ElementAt((int)((values.Count - 1) * part));

    // An alarm is told every minute and changes twice in an hour.
    private static TagTable Table()
    {
        var tags = BenchTags.Of(TagCount);
        tags.Add(id => new TagDefinition
        {
            Id = id,
            Name = "alarm",
            Type = TagDataType.Bool,
            Class = TagClass.Alarm,
            Origin = new TagOrigin.Source("file", "x"),
        });
        return tags;
    }

    private static SampleJournal Open(string folder, TagTable tags) => SampleJournal.Open(folder,
        new JournalConfig { MaxSizeMb = 1_000_000, FreeSpaceFloorMb = 0 }, tags, TimeProvider.System,
        NullLogger.Instance);

    /// <summary>The gateway's own parts from the journal to the broker, as it puts them together.</summary>
    private sealed class Run : IAsyncDisposable
    {
        private readonly SampleJournal journal;
        private readonly CancellationTokenSource stop = new();
        private readonly Task running;

        public Run(string folder, int port)
        {
            var tags = Table();
            journal = Open(folder, tags);
            var config = new MqttUplinkConfig
            {
                Driver = "mqtt",
                Endpoint = new Uri($"mqtt://127.0.0.1:{port}"),
                Topic = "{asset.path}/data",
                Batch = new BatchConfig { Samples = 1000, Age = TimeSpan.Zero },
                Window = 20,
            };
            var uplink = UplinkCatalog.Create(config,
                new UplinkContext("acme/x", "gw", tags, TimeProvider.System, "."));
            Pump = new UplinkPump("site", uplink, journal.OpenOutbox("site"), UplinkPlan.From(config, tags),
                TimeProvider.System, Random.Shared, NullLogger.Instance);
            running = journal.RunAsync(stop.Token);
            Pump.Start();
        }

        public UplinkPump Pump { get; }

        /// <summary>A scan each tenth of a second until time is up or something holds.</summary>
        public async Task LiveAsync(int seconds, Func<bool> ends)
        {
            var scans = BenchTags.Walk(TagCount, default, TimeSpan.Zero);
            using var timer = new PeriodicTimer(ScanPeriod, TimeProvider.System);
            for (var scan = 0; scan < seconds * 10L && !ends(); scan++)
            {
                await timer.WaitForNextTickAsync();
                var now = TimeProvider.System.GetUtcNow().UtcDateTime;
                var samples = scans[scan % scans.Length];
                for (var i = 0; i < samples.Length; i++)
                    samples[i] = samples[i] with { SourceTime = now, ReceiveTime = now };
                while (!journal.TryAppend(samples))
                    await journal.WaitForRoomAsync(samples.Length, CancellationToken.None);
            }
        }

        public async ValueTask DisposeAsync()
        {
            await Pump.StopAsync(TimeSpan.FromSeconds(1));
            await Pump.DisposeAsync();
            await stop.CancelAsync();
            await running;
            journal.Dispose();
            stop.Dispose();
        }
    }
}
