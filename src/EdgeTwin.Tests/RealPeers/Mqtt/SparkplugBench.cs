using System.Diagnostics;
using EdgeTwin.Commands;
using EdgeTwin.Tags;
using EdgeTwin.Tests.Sources;
using EdgeTwin.Tests.Support;
using EdgeTwin.Tests.Upstream;
using EdgeTwin.Twin;
using EdgeTwin.Upstream;

namespace EdgeTwin.Tests.RealPeers.Mqtt;

/// <summary>A Sparkplug uplink with its pump and a journal in memory: ten tags of Int64, the last of a part, and behind
/// them texts where a test wants some.</summary>
internal sealed class SparkplugBench : IAsyncDisposable
{
    private const int TagCount = 10;
    private readonly TagTable tags = new();

    public SparkplugBench(
        SparkplugUplinkConfig config, DrainOrder order = DrainOrder.LiveFirst, Func<bool>? mayConnect = null,
        int texts = 0)
    {
        for (var i = 0; i < TagCount + texts; i++)
        {
            tags.Add(id => new TagDefinition
            {
                Id = id,
                Name = $"r{id.Index}",
                Type = id.Index < TagCount ? TagDataType.Int64 : TagDataType.String,
                Origin = new TagOrigin.Source("plc", "holding:0"),
                Range = id.Index == 0 ? new ValueRange(0, 100) : null,
                Component = id.Index == TagCount - 1 ? "drive" : null,
            });
        }
        var context = new UplinkContext("acme/pump-7", "gw", tags, TimeProvider.System, ".")
        {
            Name = "site",
            Live = _ => ValueTask.FromResult(State()),
            Logger = Log,
            Commands = new RefusingCommandPort(),
        };
        var uplink = new GatedUplink(UplinkCatalog.Create(config, context), mayConnect ?? (() => true));
        Pump = new UplinkPump("site", uplink, Outbox, new UplinkPlan(order),
            TimeProvider.System, new Random(1), Log);
    }

    public FakeOutbox Outbox { get; } = new(new FakeDisk());

    public CollectingLogger Log { get; } = new();

    public UplinkPump Pump { get; }

    public static SparkplugUplinkConfig Config(int port, string? primaryHost = null) => new()
    {
        Driver = "sparkplug",
        Endpoint = new Uri($"mqtt://127.0.0.1:{port}"),
        Group = "plant",
        PrimaryHost = primaryHost,
        Window = 200, // what waits for a proof waits half a second
    };

    public async Task AppendAsync(int count)
    {
        Outbox.Append(count, TimeProvider.System.GetUtcNow().UtcDateTime, TagCount);
        Outbox.Commit();
        await Task.Delay(TimeSpan.FromMilliseconds(10), TimeProvider.System);
    }

    /// <summary>Appends a text of so many characters, and a sample behind it.</summary>
    public Task AppendTextAsync(int length)
    {
        Outbox.Put(TagValue.From(new string('x', length)), TimeProvider.System.GetUtcNow().UtcDateTime, TagCount);
        return AppendAsync(1);
    }

    public Task DrainedAsync() => UntilAsync(() => Outbox.Cursor == Outbox.Head);

    public async Task UntilAsync(Func<bool> condition)
    {
        var since = Stopwatch.StartNew();
        while (!condition())
        {
            Assert.True(since.Elapsed < RealTime.Patience, $"still not: {Pump.Status()}");
            await Task.Delay(TimeSpan.FromMilliseconds(10), TimeProvider.System);
        }
    }

    public ValueTask DisposeAsync() => Pump.DisposeAsync();

    private LiveState State() => new(Outbox.Head, [.. tags.All.Select(tag => new TagSnapshot(tag,
        new Sample(tag.Id, TagValue.None, StatusCode.BadWaitingForInitialData, default, default,
            ClockState.Synchronised),
        Liveness.Live, null))]);
}
