using EdgeTwin.Benchmarks;
using EdgeTwin.Commands;
using EdgeTwin.Journal;
using EdgeTwin.Tags;
using EdgeTwin.Tests.Upstream;
using EdgeTwin.Twin;
using EdgeTwin.Upstream;
using Microsoft.Extensions.Logging.Abstractions;

namespace EdgeTwin.Tests.RealPeers.Mqtt;

/// <summary>A gateway as another one sees it: an uplink of JSON or Sparkplug, ten tags r0 … r9, asset
/// <c>acme/NAME</c>. Disposed it is gone without a word, as after a power cut.</summary>
internal sealed class ChildGateway : IAsyncDisposable
{
    public const int TagCount = 10;

    private readonly TagTable tags = BenchTags.Of(TagCount, TagDataType.Int64, "r");
    private readonly FakeOutbox outbox;
    private readonly UplinkPump pump;
    private readonly Lock gate = new(); // what a birth shows is of one scan
    private DateTime lastScan;

    public ChildGateway(int port, string name, bool isSparkplug, FakeDisk disk)
    {
        outbox = new FakeOutbox(disk);
        var context = new UplinkContext($"acme/{name}", name, tags, TimeProvider.System, ".")
        {
            Name = "site",
            Live = _ => ValueTask.FromResult(State()),
            Logger = NullLogger.Instance,
            Commands = new RefusingCommandPort(),
        };
        var endpoint = new Uri($"mqtt://127.0.0.1:{port}");
        UplinkConfig config = isSparkplug
            ? new SparkplugUplinkConfig { Driver = "sparkplug", Endpoint = endpoint, Group = "plant" }
            : new MqttUplinkConfig { Driver = "mqtt", Endpoint = endpoint, Topic = "{asset.path}/data" };
        pump = new UplinkPump("site", UplinkCatalog.Create(config, context), outbox, new UplinkPlan(default),
            TimeProvider.System, new Random(1), NullLogger.Instance);
        pump.Start();
    }

    public int Sent => (int)outbox.Head.Sequence;

    /// <summary>Everything is proven delivered.</summary>
    public bool IsDrained => outbox.Cursor == outbox.Head;

    /// <summary>One more value of each tag.</summary>
    public void Scan() => Scan(TimeProvider.System.GetUtcNow().UtcDateTime);

    /// <summary>One more value of each tag, as of a time.</summary>
    public void Scan(DateTime time)
    {
        lock (gate)
        {
            lastScan = time;
            outbox.Append(TagCount, time, TagCount);
        }

        outbox.Commit();
    }

    public ValueTask DisposeAsync() => pump.DisposeAsync();

    // The last scan, as FakeOutbox made it; nothing before the first.
    private LiveState State()
    {
        Position head;
        DateTime time;
        lock (gate) (head, time) = (outbox.Head, lastScan);
        var now = TimeProvider.System.GetUtcNow().UtcDateTime;
        return new LiveState(head, [.. tags.All.Select(tag => new TagSnapshot(tag,
            head.Sequence == 0
                ? new Sample(tag.Id, TagValue.None, StatusCode.BadWaitingForInitialData, now, now,
                    ClockState.Synchronised)
                : new Sample(tag.Id, TagValue.From(head.Sequence - TagCount + tag.Id.Index), StatusCode.Good, time,
                    now, ClockState.Synchronised),
            Liveness.Live, null))]);
    }
}
