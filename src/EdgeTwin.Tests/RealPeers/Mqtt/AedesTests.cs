using System.Globalization;
using System.Text;
using EdgeTwin.Benchmarks.Peers;
using EdgeTwin.Mqtt;
using EdgeTwin.Tests.Support;
using EdgeTwin.Upstream;
using Xunit.Abstractions;

namespace EdgeTwin.Tests.RealPeers.Mqtt;

/// <summary>Client and uplink against aedes, a broker that shares no line with the others: MQTT 3.1.1, all of it in the
/// memory of a Node.js process.</summary>
public class AedesTests(ITestOutputHelper log)
{
    [Theory]
    [InlineData(MqttQos.AtMostOnce)]
    [InlineData(MqttQos.AtLeastOnce)]
    [InlineData(MqttQos.ExactlyOnce)]
    public async Task What_is_published_comes_back_once_in_order_and_with_its_quality_of_service(MqttQos qos)
    {
        const int Messages = 1000;
        await using var broker = await AedesBroker.StartAsync();
        await using var client = await ConnectedAsync(broker.Options());
        var subscription = await client.SubscribeAsync(
            new MqttSubscribeOptions { Filter = "a/+/#", Qos = MqttQos.ExactlyOnce, Queue = 2 * Messages }, default);
        Assert.Equal(MqttQos.ExactlyOnce, subscription.Granted);
        for (var from = 0; from < Messages; from += 100)
            await Task.WhenAll(Enumerable.Range(from, 100).Select(number =>
                client.PublishAsync("a/b/c", Payload(number), qos, false, default).AsTask()))
                .WaitAsync(RealTime.Patience);
        for (var number = 0; number < Messages; number++)
        {
            var message = await NextAsync(subscription);
            Assert.Equal(($"{number}", qos), (Text(message), message.Qos));
        }

        await client.PublishAsync("a/large", new byte[1_000_000], qos, false, default).AsTask()
            .WaitAsync(RealTime.Patience);
        Assert.Equal(1_000_000, (await NextAsync(subscription)).Payload.Length);
        await client.UnsubscribeAsync(subscription, default);
        await client.DisconnectAsync(RealTime.Patience);
    }

    [Fact]
    public async Task A_kept_message_greets_who_subscribes_until_an_empty_one_takes_it_away()
    {
        await using var broker = await AedesBroker.StartAsync();
        await using var client = await ConnectedAsync(broker.Options());
        await client.PublishAsync("kept/a", "1"u8.ToArray(), MqttQos.AtLeastOnce, true, default);
        await client.PublishAsync("kept/b", "2"u8.ToArray(), MqttQos.AtLeastOnce, true, default);
        await client.PublishAsync("kept/a", default, MqttQos.AtLeastOnce, true, default);
        await using var late = await ConnectedAsync(broker.Options("late"));
        var subscription = await late.SubscribeAsync("kept/#", MqttQos.AtLeastOnce, default);
        await client.PublishAsync("kept/c", "3"u8.ToArray(), MqttQos.AtLeastOnce, false, default);
        var kept = await NextAsync(subscription);
        Assert.Equal(("kept/b", "2", true), (kept.Topic, Text(kept), kept.Retain));
        var live = await NextAsync(subscription);
        Assert.Equal(("kept/c", false), (live.Topic, live.Retain));
    }

    [Fact]
    public async Task The_last_will_speaks_when_the_client_vanishes_and_only_then()
    {
        await using var broker = await AedesBroker.StartAsync();
        await using var receiver = await ConnectedAsync(broker.Options("r"));
        var subscription = await receiver.SubscribeAsync("will/#", MqttQos.AtLeastOnce, default);
        foreach (var vanish in (bool[])[false, true])
        {
            var will = new MqttWill
            {
                Topic = $"will/{vanish}",
                Payload = "gone"u8.ToArray(),
                Qos = MqttQos.AtLeastOnce,
            };
            await using var client = await ConnectedAsync(broker.Options() with { Will = will });
            if (vanish) client.Abort();
            else await client.DisconnectAsync(RealTime.Patience);
        }

        var message = await NextAsync(subscription);
        Assert.Equal(("will/True", "gone"), (message.Topic, Text(message)));
    }

    [Theory]
    [InlineData(MqttQos.AtLeastOnce)]
    [InlineData(MqttQos.ExactlyOnce)]
    public async Task A_kept_session_has_what_came_while_the_client_was_away(MqttQos qos)
    {
        const int Messages = 40;
        await using var broker = await AedesBroker.StartAsync();
        var options = broker.Options("kept") with { CleanSession = false };
        var filter = new MqttSubscribeOptions { Filter = "n", Qos = qos, Queue = Messages + 1 };
        await using (var first = new MqttClient(options, TimeProvider.System))
        {
            Assert.False((await first.ConnectAsync(default)).SessionPresent);
            await first.SubscribeAsync(filter, default);
            await first.DisconnectAsync(RealTime.Patience);
        }

        await using var publisher = await ConnectedAsync(broker.Options("p"));
        for (var number = 0; number < Messages; number++)
            await publisher.PublishAsync("n", Payload(number), qos, false, default);
        await using var second = new MqttClient(options, TimeProvider.System);
        var subscription = second.Prepare(filter);
        Assert.True((await second.ConnectAsync(default)).SessionPresent);
        for (var number = 0; number < Messages; number++)
            Assert.Equal($"{number}", Text(await NextAsync(subscription)));
        await second.DisconnectAsync(RealTime.Patience);
        await using var clean = new MqttClient(options with { CleanSession = true }, TimeProvider.System);
        Assert.False((await clean.ConnectAsync(default)).SessionPresent);
    }

    [Fact]
    public async Task An_uplink_whose_connection_is_cut_leaves_no_gap_and_keeps_the_order()
    {
        await using var broker = await AedesBroker.StartAsync();
        await using var proxy = new FlappingProxy(broker.Port);
        await using var audit = await UplinkAudit.StartAsync(broker.Options("audit"), MqttQos.AtLeastOnce);
        await using var bench = new UplinkBench(UplinkBench.Config(proxy.Port), DrainOrder.HistoryFirst);
        await Outages.AppendAsync(bench.AppendAsync, proxy, 10, 25);
        await audit.NothingIsMissingAsync(bench, log);
        Assert.Equal(0, audit.OutOfOrder);
        Assert.InRange(audit.Duplicates, 0, (int)bench.Pump.Status().Resent);
    }

    // It forgets who listened, so the uplink waits until the auditor is there again.
    [Fact]
    public async Task An_uplink_whose_broker_is_killed_goes_on_where_it_was()
    {
        await using var broker = await AedesBroker.StartAsync();
        await using var audit = await UplinkAudit.StartAsync(broker.Options("audit"), MqttQos.AtLeastOnce);
        await using var bench = new UplinkBench(UplinkBench.Config(broker.Port), mayConnect: () => audit.IsListening);
        await Outages.AppendAsync(bench.AppendAsync, KillAsync, broker.StartAgainAsync, 20, 40);
        await audit.NothingIsMissingAsync(bench, log);

        // What it had taken and not passed on would be gone with it.
        async Task KillAsync()
        {
            await bench.DrainedAsync();
            await audit.UntilAsync((int)bench.Outbox.Head.Sequence);
            await broker.KillAsync();
        }
    }

    private static async Task<MqttClient> ConnectedAsync(MqttClientOptions options)
    {
        var client = new MqttClient(options, TimeProvider.System);
        await client.ConnectAsync(default);
        return client;
    }

    private static async Task<MqttMessage> NextAsync(MqttSubscription subscription) =>
        await subscription.Messages.ReadAsync().AsTask().WaitAsync(RealTime.Patience);

    private static byte[] Payload(int number) =>
        Encoding.ASCII.GetBytes(number.ToString(CultureInfo.InvariantCulture));

    private static string Text(MqttMessage message) => Encoding.ASCII.GetString(message.Payload.Span);
}
