using EdgeTwin.Sources.Mqtt;
using EdgeTwin.Tags;
using EdgeTwin.Tests.Upstream;

namespace EdgeTwin.Tests.RealPeers.Mqtt;

/// <summary>Twins made of other twins: two gateways' uplinks, mosquitto, and a source that reads both.</summary>
public class CompositionTests
{
    [Theory]
    [InlineData(false, "3.1.1")]
    [InlineData(false, "5")]
    [InlineData(true, "3.1.1")]
    public async Task A_child_that_dies_takes_its_own_tags_with_it_and_comes_back(bool isSparkplug, string protocol)
    {
        await using var broker = await MosquittoBroker.StartAsync();
        var disk = new FakeDisk();
        await using var sibling = new ChildGateway(broker.Port, "pump-8", isSparkplug, new FakeDisk());
        await using var line = new LineTwin(Config(broker, isSparkplug) with { Protocol = protocol },
            Address(isSparkplug, "pump-7"), Address(isSparkplug, "pump-8"));
        await using (var child = new ChildGateway(broker.Port, "pump-7", isSparkplug, disk))
        {
            await line.UntilAsync(() => AreGood(line, 0, 1), () =>
            {
                child.Scan();
                sibling.Scan();
            });
        }

        await line.UntilAsync(() => line.StatusOf(0) == StatusCode.BadNoCommunication, sibling.Scan);
        Assert.Equal(StatusCode.Good, line.StatusOf(1));
        await using var again = new ChildGateway(broker.Port, "pump-7", isSparkplug, disk);
        await line.UntilAsync(() => AreGood(line, 0, 1), again.Scan);
        Assert.DoesNotContain(line.Samples.Where(sample => sample.Tag.Index == 1).SkipWhile(s => !s.Status.IsGood),
            sample => sample.Status.IsBad);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_broker_that_is_killed_makes_all_tags_bad_until_it_is_back(bool isSparkplug)
    {
        await using var broker = await MosquittoBroker.StartAsync();
        await using var child = new ChildGateway(broker.Port, "pump-7", isSparkplug, new FakeDisk());
        await using var line = new LineTwin(Config(broker, isSparkplug), Address(isSparkplug, "pump-7"));
        await line.UntilAsync(() => AreGood(line, 0), child.Scan);
        await broker.KillAsync();
        await line.UntilAsync(() => line.StatusOf(0) == StatusCode.BadNoCommunication);
        await broker.StartAsync();
        await line.UntilAsync(() => AreGood(line, 0), child.Scan);
    }

    [Fact]
    public async Task A_host_that_comes_late_asks_the_edge_node_for_a_birth()
    {
        await using var broker = await MosquittoBroker.StartAsync();
        await using var child = new ChildGateway(broker.Port, "pump-7", isSparkplug: true, new FakeDisk());
        await using (var first = new LineTwin(Config(broker, true), Address(true, "pump-7")))
            await first.UntilAsync(() => AreGood(first, 0), child.Scan); // by now the only birth is over
        await using var late = new LineTwin(Config(broker, true), Address(true, "pump-7"));
        await late.UntilAsync(() => AreGood(late, 0), child.Scan);
    }

    [Fact]
    public async Task Two_that_share_a_subscription_get_each_sample_once_between_them()
    {
        await using var broker = await MosquittoBroker.StartAsync();
        var config = Config(broker, false) with { Share = "line" };
        await using var one = new LineTwin(config with { ClientId = "one" }, Address(false, "pump-7"));
        await using var two = new LineTwin(config with { ClientId = "two" }, Address(false, "pump-7"));
        await using var child = new ChildGateway(broker.Port, "pump-7", isSparkplug: false, new FakeDisk());
        await one.UntilAsync(() => AreGood(one, 0) && AreGood(two, 0), child.Scan);
        await one.UntilAsync(() => Math.Min(Good(one), Good(two)) > 10, child.Scan);
        await one.UntilAsync(() => Good(one) + Good(two) >= child.Sent / 10 - 2);
        var values = one.Samples.Concat(two.Samples).Where(sample => sample.Status.IsGood)
            .Select(sample => sample.Value.Bits).ToList();
        Assert.Equal(values.Count, values.Distinct().Count());
    }

    private static bool AreGood(LineTwin line, params int[] tags) =>
        tags.All(tag => line.StatusOf(tag) == StatusCode.Good);

    private static int Good(LineTwin line) => line.Samples.Count(sample => sample.Status.IsGood);

    private static MqttSourceConfig Config(MosquittoBroker broker, bool isSparkplug) => new()
    {
        Driver = "mqtt",
        Endpoint = new Uri($"mqtt://127.0.0.1:{broker.Port}"),
        Format = isSparkplug ? MqttSourceFormat.Sparkplug : MqttSourceFormat.Json,
    };

    // An edge node is a gateway, and its asset a device of it.
    private static string Address(bool isSparkplug, string child) =>
        isSparkplug ? $"plant/{child}/{child}/r0" : $"acme/{child}/r0";
}
