using System.Diagnostics;
using EdgeTwin.Benchmarks;
using EdgeTwin.Tags;
using EdgeTwin.Tests.Sources;
using EdgeTwin.Tests.Support;
using EdgeTwin.Tests.Upstream;
using EdgeTwin.Upstream;
using EdgeTwin.Upstream.Mqtt;

namespace EdgeTwin.Tests.RealPeers.Mqtt;

/// <summary>An uplink to a real broker with its pump, which is started, and a journal in memory: ten tags of
/// Int64.</summary>
internal sealed class UplinkBench : IAsyncDisposable
{
    public UplinkBench(BrokerUplinkConfig config, DrainOrder order = DrainOrder.LiveFirst,
        Func<bool>? mayConnect = null, string folder = ".",
        string assetPath = "acme/pump-7")
    {
        var tags = BenchTags.Of(10, TagDataType.Int64, "r");
        var context = new UplinkContext(assetPath, "gw", tags, TimeProvider.System, folder)
        {
            Name = "site",
            Logger = Log,
        };
        var uplink = new GatedUplink(UplinkCatalog.Create(config, context), mayConnect ?? (() => true));
        Pump = new UplinkPump("site", uplink, Outbox,
            UplinkPlan.From(config with { Order = order }, tags), TimeProvider.System, new Random(1), Log);
        Pump.Start();
    }

    public FakeOutbox Outbox { get; } = new(new FakeDisk());

    public CollectingLogger Log { get; } = new();

    public UplinkPump Pump { get; }

    public static MqttUplinkConfig Config(int port, string topic = "{asset.path}/data") => new()
    {
        Driver = "mqtt",
        Endpoint = new Uri($"mqtt://127.0.0.1:{port}"),
        Topic = topic,
        Window = 50,
    };

    public async Task AppendAsync(int count)
    {
        Outbox.Append(count, TimeProvider.System.GetUtcNow().UtcDateTime);
        Outbox.Commit();
        await Task.Delay(TimeSpan.FromMilliseconds(10), TimeProvider.System);
    }

    /// <summary>Appends a sample with a text of so many characters, and one behind it.</summary>
    public Task AppendTextAsync(int length)
    {
        Outbox.Put(TagValue.From(new string('x', length)), TimeProvider.System.GetUtcNow().UtcDateTime);
        return AppendAsync(1);
    }

    public Task DrainedAsync() => UntilAsync(_ => Outbox.Cursor == Outbox.Head);

    /// <summary>Waits until the status is such.</summary>
    public async Task UntilAsync(Func<UplinkStatus, bool> condition)
    {
        var since = Stopwatch.StartNew();
        while (!condition(Pump.Status()))
        {
            Assert.True(since.Elapsed < RealTime.Patience, $"still not: {Pump.Status()}");
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System);
        }
    }

    public ValueTask DisposeAsync() => Pump.DisposeAsync();
}
