using System.Diagnostics;
using EdgeTwin.Journal;
using EdgeTwin.Tags;
using EdgeTwin.Upstream;
using Microsoft.Extensions.Logging.Abstractions;

namespace EdgeTwin.Benchmarks.Fleet;

/// <summary>The gateway's own parts from the journal on disk to the broker, with a machine of ten tags.</summary>
internal sealed class FleetGateway : IAsyncDisposable
{
    public const int TagCount = 10;

    private readonly SampleJournal journal;
    private readonly UplinkPump pump;
    private readonly CancellationTokenSource stop = new();
    private readonly Task running;
    private long progressAt = Stopwatch.GetTimestamp();
    private long acknowledged;

    public FleetGateway(string folder, string name, IReadOnlyList<Uri> brokers)
    {
        Name = name;
        var tags = BenchTags.Of(TagCount);
        journal = SampleJournal.Open(Directory.CreateDirectory(Path.Combine(folder, name)).FullName,
            new JournalConfig { FreeSpaceFloorMb = 0 }, tags, TimeProvider.System, NullLogger.Instance);
        var config = new MqttUplinkConfig
        {
            Driver = "mqtt",
            Endpoint = brokers[0],
            Alternatives = [.. brokers.Skip(1)],
            Topic = "{asset.path}/data",
            KeepAlive = TimeSpan.FromSeconds(5),
        };
        pump = new UplinkPump("site",
            UplinkCatalog.Create(config, new UplinkContext($"fleet/{name}", name, tags, TimeProvider.System, ".")),
            journal.OpenOutbox("site"), UplinkPlan.From(config, tags), TimeProvider.System, Random.Shared,
            NullLogger.Instance);
        running = journal.RunAsync(stop.Token);
        pump.Start();
    }

    public string Name { get; }

    public long Appended { get; private set; }

    /// <summary>Everything is acknowledged.</summary>
    public bool IsDrained => pump.Status().Acknowledged >= Appended;

    /// <summary>Longest time without an acknowledgement.</summary>
    public TimeSpan LongestPause { get; private set; }

    public UplinkStatus Status => pump.Status();

    public bool TryScan(long scan)
    {
        var now = TimeProvider.System.GetUtcNow().UtcDateTime;
        Span<Sample> samples = new Sample[TagCount];
        for (var i = 0; i < TagCount; i++)
        {
            samples[i] = new Sample(new TagId(i), TagValue.From(scan + i / 10.0), StatusCode.Good, now, now,
                ClockState.Synchronised);
        }

        if (!journal.TryAppend(samples)) return false;
        Appended += TagCount;
        return true;
    }

    /// <summary>To be called often: measures the pauses.</summary>
    public void Look()
    {
        var at = Stopwatch.GetTimestamp();
        var now = pump.Status().Acknowledged;
        if (now == acknowledged && Appended > now)
        {
            var pause = Stopwatch.GetElapsedTime(progressAt, at);
            if (pause > LongestPause) LongestPause = pause;
            return;
        }

        (acknowledged, progressAt) = (now, at);
    }

    public async ValueTask DisposeAsync()
    {
        await pump.StopAsync(TimeSpan.FromSeconds(1));
        await pump.DisposeAsync();
        await stop.CancelAsync();
        await running;
        journal.Dispose();
        stop.Dispose();
    }
}
