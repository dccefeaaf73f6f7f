using EdgeTwin.Benchmarks.Peers;
using EdgeTwin.Journal;
using EdgeTwin.Sources.Mqtt;
using EdgeTwin.Tags;
using EdgeTwin.Tests.Upstream;
using EdgeTwin.Twin;
using Xunit.Abstractions;

namespace EdgeTwin.Tests.RealPeers.Mqtt;

/// <summary>What a child gateway sends behind its live values after an outage gets into the history of the gateway that
/// is composed of it: through mosquitto, into a journal on disk.</summary>
public class LateDataTests(ITestOutputHelper log)
{
    private const int Live = 100;
    // Scans of ten samples: far more than an uplink sends without going live first.
    private const int Away = 900;

    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(100);
    private DateTime now = new(2026, 11, 22, 8, 0, 0, DateTimeKind.Utc);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_child_that_was_cut_off_and_then_killed_is_in_the_history_with_each_sample_once(bool isSparkplug)
    {
        await using var broker = await MosquittoBroker.StartAsync();
        await using var proxy = new FlappingProxy(broker.Port);
        var disk = new FakeDisk();
        await using var line = new JournaledLine(Config(broker, isSparkplug), [.. Addresses(isSparkplug)]);
        await line.UntilAsync(twin => twin.Tags.All(tag => tag.Sample.Status.IsBad));
        await using (var child = new ChildGateway(proxy.Port, "pump-7", isSparkplug, disk))
        {
            await ScanAsync(child, Live);
            await line.UntilAsync(IsGood);
            await proxy.CutAsync();
            await line.UntilAsync(twin => twin.Tags.All(tag => tag.Sample.Status == StatusCode.BadNoCommunication));
            await ScanAsync(child, Away);
            proxy.Mend();
            // Killed while it is at its backlog; so it sends some of it again.
            await line.UntilAsync(twin => twin.Counters.LateSamples > 1000, () => ScanAsync(child, 1));
        }

        await using var again = new ChildGateway(proxy.Port, "pump-7", isSparkplug, disk);
        await ScanAsync(again, Live);
        await line.UntilAsync(_ => again.IsDrained);
        var total = disk.Epochs.Values.Sum(epoch => epoch.Count);
        await line.UntilAsync(twin => line.Forward + twin.Counters.LateSamples >= total);

        var counters = (await line.SnapshotAsync()).Counters;
        log.WriteLine($"{total} samples, {counters}");
        Assert.True(counters.LateSamples > 5000, "control: most of the outage came late");
        Assert.Equal(0, line.Backward);
        var history = await line.EndAsync();
        for (var tag = 0; tag < ChildGateway.TagCount; tag++)
        {
            var sent = disk.Epochs.Values.SelectMany(epoch => epoch).Where(sample => sample.Tag.Index == tag)
                .Select(sample => (sample.SourceTime, sample.Value)).ToList();
            Assert.Equal(sent, history[tag].Where(sample => sample.Status.IsGood)
                .Select(sample => (sample.SourceTime, sample.Value)));
        }
    }

    private async Task ScanAsync(ChildGateway child, int scans)
    {
        for (var i = 0; i < scans; i++)
        {
            child.Scan(now += Step);
            await Task.Yield();
        }
    }

    private static bool IsGood(TwinSnapshot twin) => twin.Tags.All(tag => tag.Sample.Status.IsGood);

    private static MqttSourceConfig Config(MosquittoBroker broker, bool isSparkplug) => new()
    {
        Driver = "mqtt",
        Endpoint = new Uri($"mqtt://127.0.0.1:{broker.Port}"),
        Format = isSparkplug ? MqttSourceFormat.Sparkplug : MqttSourceFormat.Json,
    };

    private static IEnumerable<string> Addresses(bool isSparkplug) =>
        from tag in Enumerable.Range(0, ChildGateway.TagCount)
        select isSparkplug ? $"plant/pump-7/pump-7/r{tag}" : $"acme/pump-7/r{tag}";
}
