using System.Text;
using EdgeTwin.Mqtt;
using EdgeTwin.Tests.Peers;
using EdgeTwin.Tests.Support;

namespace EdgeTwin.Tests.Mqtt;

/// <summary>What a client does with its subscriptions and their queues.</summary>
public class MqttClientSubscriptionTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Subscriptions_come_back_after_a_reconnect_also_where_the_broker_has_kept_the_session(bool kept)
    {
        const string Subscribe = "82 06 00 01 00 01 61 01";
        await using var broker = FakeMqttBroker.Start(
            async peer =>
            {
                await peer.AcceptAsync();
                await peer.ExpectAsync(Subscribe);
                await peer.SendAsync("90 03 00 01 01");
                await peer.SendAsync("32 06 00 01 61 00 05 78");
                await peer.ExpectAsync("40 02 00 05");
                peer.Close();
            },
            async peer =>
            {
                await peer.AcceptAsync(sessionPresent: kept);
                Assert.Equal((byte)0x82, (await peer.ReadPacketAsync()).First);
                await peer.SendAsync("90 03 00 02 00");
                await peer.ExpectEndAsync();
            });
        await using var client = TestClient.Create(broker.Port, options => options with { CleanSession = !kept });
        var lost = client.Loss();
        await client.ConnectAsync(default);
        var subscription = await client.SubscribeAsync("a", MqttQos.AtLeastOnce, default);
        Assert.Equal(MqttQos.AtLeastOnce, subscription.Granted);
        Assert.Equal("a", (await subscription.Messages.ReadAsync()).Topic);
        await lost.WaitAsync(RealTime.Patience);
        await client.ConnectAsync(default);
        client.Abort();
        await broker.FinishAsync();
    }

    // MQTT 5.0 has a word for it: retain handling 1 (0x11 with QoS 1).
    [Fact]
    public async Task A_subscription_that_comes_back_does_not_bring_the_kept_messages_again()
    {
        await using var broker = FakeMqttBroker.Start(
            async peer =>
            {
                await peer.ReadPacketAsync();
                await peer.SendAsync("20 03 00 00 00");
                await peer.ExpectAsync("82 07 00 01 00 00 01 61 01");
                await peer.SendAsync("90 04 00 01 00 01");
                peer.Close();
            },
            async peer =>
            {
                await peer.ReadPacketAsync();
                await peer.SendAsync("20 03 01 00 00");
                await peer.ExpectAsync("82 07 00 02 00 00 01 61 11");
                await peer.SendAsync("90 04 00 02 00 01");
                await peer.ExpectEndAsync();
            });
        await using var client = TestClient.Create(broker.Port, options => options with
        {
            Version = MqttProtocolVersion.V5,
            CleanSession = false,
        });
        var lost = client.Loss();
        await client.ConnectAsync(default);
        await client.SubscribeAsync("a", MqttQos.AtLeastOnce, default);
        await lost.WaitAsync(RealTime.Patience);
        await client.ConnectAsync(default);
        client.Abort();
        await broker.FinishAsync();
    }

    // The broker sends the next when the last is acknowledged, so an acknowledgement that stays behind stops it all.
    [Fact]
    public async Task Each_acknowledgement_leaves_however_close_it_is_to_the_end_of_a_flush()
    {
        const int Messages = 50_000;
        await using var broker = FakeMqttBroker.Start(async peer =>
        {
            await peer.AcceptAsync();
            Assert.Equal(0x82, (await peer.ReadPacketAsync()).First);
            await peer.SendAsync("90 03 00 01 01");
            for (var i = 0; i < Messages; i++)
            {
                await peer.SendAsync([0x32, 6, 0, 1, (byte)'a', 0, 5, (byte)'x']);
                Assert.Equal(0x40, (await peer.ReadPacketAsync()).First);
            }
            await peer.ExpectEndAsync();
        });
        await using var client = new MqttClient(
            new MqttClientOptions { Host = "127.0.0.1", Port = broker.Port, ClientId = "c" }, TimeProvider.System,
            async cancellation => new YieldingStream(await broker.DialAsync(cancellation)));
        await client.ConnectAsync(default);
        var subscription = await client.SubscribeAsync(
            new MqttSubscribeOptions { Filter = "a", WhenFull = MqttQueueFullPolicy.DropOldest }, default);
        await TestClient.UntilAsync(() => subscription.Received == Messages);
        client.Abort();
        await broker.FinishAsync();
    }

    [Fact]
    public async Task A_refused_subscription_says_so()
    {
        await using var broker = FakeMqttBroker.Start(async peer =>
        {
            await peer.AcceptAsync();
            await peer.ReadPacketAsync();
            await peer.SendAsync("90 03 00 01 80");
            await peer.ExpectEndAsync();
        });
        await using var client = TestClient.Create(broker.Port);
        await client.ConnectAsync(default);
        var error =
            await Assert.ThrowsAsync<MqttException>(() => client.SubscribeAsync("a", MqttQos.AtMostOnce, default));
        Assert.Equal(MqttError.SubscriptionRefused, error.Error);
        client.Abort();
        await broker.FinishAsync();
    }

    [Theory]
    [InlineData(MqttQueueFullPolicy.DropOldest, 6, "8 9")]
    [InlineData(MqttQueueFullPolicy.DropNewest, 6, "0 1")]
    [InlineData(MqttQueueFullPolicy.Wait, 0, "0 1 2 3 4 5 6 7 8 9")]
    public async Task A_full_receive_queue_follows_its_policy(MqttQueueFullPolicy policy, int leastDropped,
        string expected)
    {
        await using var broker = FakeMqttBroker.Start(async peer =>
        {
            await peer.AcceptAsync();
            Assert.Equal(0x82, (await peer.ReadPacketAsync()).First);
            await peer.SendAsync("90 03 00 01 01");
            var burst = Enumerable.Range(0, 10).SelectMany(i => (byte[])[0x30, 4, 0, 1, (byte)'a', (byte)('0' + i)]);
            await peer.SendAsync([.. burst]);
            await peer.SendAsync("32 06 00 01 62 00 05 78"); // its PUBACK says that the burst is through
            if (policy != MqttQueueFullPolicy.Wait) await peer.ExpectAsync("40 02 00 05");
            await peer.ExpectEndAsync();
        });
        await using var client = TestClient.Create(broker.Port);
        await client.ConnectAsync(default);
        var subscription = await client.SubscribeAsync(
            new MqttSubscribeOptions { Filter = "#", Queue = 2, WhenFull = policy }, default);
        var count = expected.Split(' ').Length;
        if (policy != MqttQueueFullPolicy.Wait)
            await TestClient.UntilAsync(() => subscription.Dropped == 9);
        var got = new List<string>();
        while (got.Count < count && await subscription.Messages.WaitToReadAsync().AsTask().WaitAsync(RealTime.Patience))
            while (got.Count < count && subscription.Messages.TryRead(out var message))
                got.Add(message.Topic == "a" ? Encoding.UTF8.GetString(message.Payload.Span) : "last");
        if (policy == MqttQueueFullPolicy.DropOldest) Assert.Equal(["9", "last"], got);
        else Assert.Equal(expected.Split(' '), got);
        Assert.True(subscription.Dropped >= leastDropped);
        client.Abort();
        await broker.FinishAsync();
    }
}
