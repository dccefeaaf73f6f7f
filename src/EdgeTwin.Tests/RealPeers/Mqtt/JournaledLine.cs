using System.Diagnostics;
using EdgeTwin.Journal;
using EdgeTwin.Sources;
using EdgeTwin.Sources.Mqtt;
using EdgeTwin.Tags;
using EdgeTwin.Tests.Sources;
using EdgeTwin.Tests.Support;
using EdgeTwin.Twin;
using Microsoft.Extensions.Logging.Abstractions;

namespace EdgeTwin.Tests.RealPeers.Mqtt;

/// <summary>A gateway that is composed of others, from its MQTT source through the twin to a journal on
/// disk.</summary>
internal sealed class JournaledLine : IAsyncDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("edgetwin-line-").FullName;
    private readonly CancellationTokenSource stop = new();
    private readonly CancellationTokenSource stopJournal = new();
    private readonly SampleJournal journal;
    private readonly TwinFeed feed;
    private readonly DateTime[] newest;
    private readonly TwinEngine twin;
    private readonly Task reading;
    private readonly Task thinking;
    private readonly Task writing;

    public JournaledLine(MqttSourceConfig config, params string[] addresses)
    {
        var context = SourceContexts.Make(config,
            [.. addresses.Select(address => SourceContexts.Tag(address, TagDataType.Int64))], TimeProvider.System);
        var tags = new TagTable();
        foreach (var tag in context.Tags) tags.Add(_ => tag.Definition);
        journal = SampleJournal.Open(folder, new JournalConfig(), tags, TimeProvider.System, NullLogger.Instance);
        twin = new TwinEngine(tags, [], [], NoProbe.Instance, journal, TimeProvider.System, NullLogger.Instance, null,
            feed = new TwinFeed(tags.Count));
        newest = new DateTime[tags.Count];
        var runner = new SourceRunner(context, MqttSource.Driver, twin, new Random(1));
        (writing, thinking, reading) =
            (journal.RunAsync(stopJournal.Token), twin.RunAsync(stop.Token), runner.RunAsync(stop.Token));
    }

    /// <summary>Good values that became the live state.</summary>
    public long Forward { get; private set; }

    /// <summary>How often one of them was older than the one before.</summary>
    public long Backward { get; private set; }

    public async Task<TwinSnapshot> SnapshotAsync()
    {
        var snapshot = await twin.SnapshotAsync(stop.Token);
        foreach (ref readonly var change in feed.Take())
        {
            if (!change.Status.IsGood) continue;
            Forward++;
            if (change.SourceTime < newest[change.Tag.Index]) Backward++;
            newest[change.Tag.Index] = change.SourceTime;
        }

        return snapshot;
    }

    public async Task UntilAsync(Func<TwinSnapshot, bool> condition, Func<Task>? meanwhile = null)
    {
        var since = Stopwatch.StartNew();
        while (await SnapshotAsync() is var now && !condition(now))
        {
            Assert.True(since.Elapsed < RealTime.Patience,
                $"still not: {now.Counters}; {string.Join(' ', now.Tags.Select(tag => tag.Sample.Status))}");
            if (meanwhile is not null) await meanwhile();
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System);
        }
    }

    /// <summary>Ends it, and gives what its journal holds of each tag.</summary>
    public async Task<IReadOnlyList<IReadOnlyList<HistorySample>>> EndAsync()
    {
        await StopAsync();
        using var reader = JournalReader.OpenReadOnly(folder);
        return [.. reader.Tags.Select(tag => reader.ReadRaw(tag.Name, DateTime.MinValue, DateTime.MaxValue))];
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        stop.Dispose();
        stopJournal.Dispose();
        Directory.Delete(folder, recursive: true);
    }

    private async Task StopAsync()
    {
        if (stopJournal.IsCancellationRequested) return;
        await stop.CancelAsync();
        await Task.WhenAll(reading, thinking);
        await twin.DisposeAsync();
        await stopJournal.CancelAsync();
        await writing;
        journal.Dispose();
    }
}
