using System.Diagnostics;
using System.Text;
using EdgeTwin.Mqtt;
using EdgeTwin.Tests.RealPeers.Mqtt;
using EdgeTwin.Tests.Support;
using EdgeTwin.Upstream;
using Xunit.Abstractions;

namespace EdgeTwin.Tests.RealPeers;

/// <summary>The whole uplink against mosquitto, with an auditor that looks for gaps in (epoch, seq).</summary>
public class MosquittoUplinkTests(ITestOutputHelper log)
{
    [Theory]
    [InlineData("{asset.path}/data", true, "3.1.1")]
    [InlineData("{asset.path}/tags/{tag}", true, "5")]
    [InlineData("{asset.path}/data", false, "3.1.1")]
    public async Task A_broker_that_is_killed_twice_leaves_no_gap(string topic, bool liveFirst, string protocol)
    {
        await using var broker = await MosquittoBroker.StartAsync();
        // QoS 0: mosquitto passes a message on before it acknowledges it, so a kill loses nothing that it acknowledged.
        await using var audit =
            await UplinkAudit.StartAsync(MosquittoClientTests.Options(broker, "audit"), MqttQos.AtMostOnce);
        var bench = new UplinkBench(
            UplinkBench.Config(broker.Port, topic) with { Protocol = protocol },
            liveFirst ? DrainOrder.LiveFirst : DrainOrder.HistoryFirst, () => audit.IsListening);
        await using var pump = bench.Pump;
        await Outages.AppendAsync(bench.AppendAsync, broker.KillAsync, broker.StartAsync, 15, 35);
        await bench.DrainedAsync();
        var total = (int)bench.Outbox.Head.Sequence;
        await audit.UntilAsync(total);
        log.WriteLine($"{total} samples, {audit.Duplicates} duplicates, {pump.Status()}");
        Assert.Equal(0, audit.Missing(total));
        Assert.True(audit.Duplicates <= pump.Status().Resent,
            $"{audit.Duplicates} duplicates, {pump.Status().Resent} were in flight");
    }

    [Fact]
    public async Task A_broker_that_restarts_with_persistence_leaves_no_gap_for_a_kept_session()
    {
        await using var broker = await MosquittoBroker.StartAsync("""
            allow_anonymous true
            persistence true
            persistence_location FOLDER/
            """);
        await using var audit = await UplinkAudit.StartAsync(
            MosquittoClientTests.Options(broker, "audit") with { CleanSession = false }, MqttQos.AtLeastOnce);
        var bench = new UplinkBench(UplinkBench.Config(broker.Port));
        await using var pump = bench.Pump;
        await Outages.AppendAsync(bench.AppendAsync, broker.StopAsync, broker.StartAsync, 20);
        await bench.DrainedAsync();
        var total = (int)bench.Outbox.Head.Sequence;
        await audit.UntilAsync(total);
        Assert.Equal(0, audit.Missing(total));
    }

    [Fact]
    public async Task A_soft_stop_is_quick_and_the_gateway_says_offline()
    {
        await using var broker = await MosquittoBroker.StartAsync();
        await using var receiver = new MqttClient(MosquittoClientTests.Options(broker, "r"), TimeProvider.System);
        await receiver.ConnectAsync(default);
        var status = await receiver.SubscribeAsync("acme/pump-7/$gateway", MqttQos.AtLeastOnce, default);
        var bench = new UplinkBench(UplinkBench.Config(broker.Port));
        await using var pump = bench.Pump;
        Assert.Equal("online", await TextAsync());
        await bench.AppendAsync(1000);
        var since = Stopwatch.StartNew();
        await pump.StopAsync(TimeSpan.FromSeconds(0.7));
        Assert.InRange(since.Elapsed.TotalSeconds, 0, 30); // under a second, and room for a busy machine
        Assert.Equal("offline", await TextAsync());
        Assert.Equal(1000, bench.Outbox.Cursor.Sequence);

        async Task<string> TextAsync() =>
            Encoding.UTF8.GetString(
                (await status.Messages.ReadAsync().AsTask().WaitAsync(RealTime.Patience)).Payload.Span);
    }
}
