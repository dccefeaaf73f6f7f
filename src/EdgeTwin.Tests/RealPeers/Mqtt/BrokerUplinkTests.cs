using EdgeTwin.Benchmarks.Peers;
using EdgeTwin.Mqtt;
using EdgeTwin.Upstream;
using Xunit.Abstractions;

namespace EdgeTwin.Tests.RealPeers.Mqtt;

/// <summary>The uplinks against RabbitMQ 3.10 and NATS 2.9, which both speak MQTT 3.1.1 only.</summary>
[Collection("brokers")]
public class BrokerUplinkTests(BrokerFixture brokers, ITestOutputHelper log)
{
    private const int Rounds = 40;
    private const int PerRound = 100;

    [Theory]
    [InlineData("rabbitmq")]
    [InlineData("nats")]
    public async Task A_cut_connection_leaves_no_gap_and_keeps_the_order(string name)
    {
        await using var proxy = new FlappingProxy(brokers[name].Port);
        await using var audit = await UplinkAudit.StartAsync(Auditor(name, "cut"), MqttQos.AtLeastOnce);
        await using var bench = new UplinkBench(UplinkBench.Config(proxy.Port), DrainOrder.HistoryFirst);
        await Outages.AppendAsync(bench.AppendAsync, proxy, 10, 25);

        await audit.NothingIsMissingAsync(bench, log);
        Assert.Equal(0, audit.OutOfOrder);
        Assert.InRange(audit.Duplicates, 0, (int)bench.Pump.Status().Resent);
    }

    // A killed RabbitMQ may keep a session and lose its subscription, so the uplink waits until the auditor is back.
    [Theory]
    [InlineData("rabbitmq")]
    [InlineData("nats")]
    public async Task A_broker_that_is_killed_and_starts_again_leaves_no_gap_for_a_kept_session(string name)
    {
        await using var audit = await UplinkAudit.StartAsync(
            Auditor(name, "kept") with { CleanSession = false }, MqttQos.AtLeastOnce);
        await using var bench = new UplinkBench(
            UplinkBench.Config(brokers[name].Port), mayConnect: () => audit.IsListening);
        await Outages.AppendAsync(bench.AppendAsync, brokers[name].KillAsync, brokers[name].StartAsync, 20);

        await audit.NothingIsMissingAsync(bench, log);
    }

    // RabbitMQ answers a ping before it has passed on what it took: without 'settle' this leaves gaps at every kill. It
    // gives a retained STATE under a wrong topic (spBv1/0/…), so the test and not the STATE keeps the node waiting.
    [Fact]
    public async Task Sparkplug_leaves_no_gap_when_RabbitMQ_is_cut_off_and_when_it_is_killed()
    {
        var broker = brokers["rabbitmq"];
        await using var proxy = new FlappingProxy(broker.Port);
        await using var audit = new SparkplugAudit(broker.Port);
        audit.Start();
        await using var bench = new SparkplugBench(
            SparkplugBench.Config(proxy.Port), mayConnect: () => audit.IsListening);
        bench.Pump.Start();
        for (var round = 0; round < Rounds; round++)
        {
            await bench.AppendAsync(PerRound);
            if (round == 10) await proxy.CutAsync();
            if (round == 15) proxy.Mend();
            if (round != 20) continue;
            await bench.UntilAsync(() => bench.Pump.Status().Acknowledged > 0);
            await broker.KillAsync();
            for (var away = 0; away < 10; away++) await bench.AppendAsync(PerRound);
            await broker.StartAsync();
        }

        await bench.DrainedAsync();
        var total = (int)bench.Outbox.Head.Sequence;
        await audit.UntilAsync(total);
        log.WriteLine($"{total} samples, {audit.Duplicates} duplicates, {bench.Pump.Status()}");
        Assert.Null(audit.Fault);
        Assert.Equal(0, audit.Missing(total));
    }

    // Before NATS 2.10 a topic may have no dot, and all of Sparkplug's begin with spBv1.0: it closes the connection.
    [Fact]
    public async Task NATS_of_that_version_takes_no_Sparkplug_and_nothing_is_lost()
    {
        await using var bench = new SparkplugBench(SparkplugBench.Config(brokers["nats"].Port));
        bench.Pump.Start();
        await bench.AppendAsync(10);
        await bench.UntilAsync(() => bench.Pump.Status().LastError is not null);
        Assert.Contains("closed the connection", bench.Pump.Status().LastError, StringComparison.Ordinal);
        Assert.Equal(10, bench.Pump.Status().LagSamples);
    }

    private MqttClientOptions Auditor(string name, string client) =>
        new() { Host = "127.0.0.1", Port = brokers[name].Port, ClientId = $"audit-{client}" };
}
