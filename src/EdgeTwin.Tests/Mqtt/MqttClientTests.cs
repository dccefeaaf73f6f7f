using System.Text;
using EdgeTwin.Mqtt;
using EdgeTwin.Tests.Peers;
using EdgeTwin.Tests.Support;

namespace EdgeTwin.Tests.Mqtt;

public class MqttClientTests
{
    [Fact]
    public async Task A_QoS_1_publish_completes_with_its_PUBACK_and_not_before()
    {
        var received = new TaskCompletionSource();
        var release = new TaskCompletionSource();
        await using var broker = FakeMqttBroker.Start(async peer =>
        {
            await peer.AcceptAsync();
            await peer.ExpectAsync("32 08 00 03 61 2F 62 00 01 78");
            received.SetResult();
            await release.Task;
            await peer.SendAsync("40 02 00 01");
            await peer.ExpectAsync("E0 00");
        });
        await using var client = TestClient.Create(broker.Port);
        Assert.False((await client.ConnectAsync(default)).SessionPresent);
        var publish = client.PublishAsync("a/b", "x"u8.ToArray(), MqttQos.AtLeastOnce, false, default).AsTask();
        await received.Task.WaitAsync(RealTime.Patience);
        Assert.False(publish.IsCompleted);
        release.SetResult();
        await publish.WaitAsync(RealTime.Patience);
        await client.DisconnectAsync(RealTime.Patience);
        await broker.FinishAsync();
    }

    [Fact]
    public async Task A_full_window_waits_and_many_messages_leave_in_one_flush()
    {
        await using var broker = FakeMqttBroker.Start(async peer =>
        {
            await peer.AcceptAsync();
            for (var id = 1; id <= 3; id++)
            {
                var (first, body) = await peer.ReadPacketAsync();
                Assert.Equal((0x32, id), (first, body[5]));
            }
            await peer.SendAsync("40 02 00 01 40 02 00 02 40 02 00 03"); // three in one segment
            Assert.Equal(4, (await peer.ReadPacketAsync()).Body[5]);
            await peer.SendAsync("40 02 00 04");
            await peer.ExpectEndAsync();
        });
        await using var client = TestClient.Create(broker.Port, options => options with { Window = 3 });
        await client.ConnectAsync(default);
        var observer = new RecordingObserver();
        for (var token = 0; token < 3; token++)
            Assert.True(client.TryPublish("ab"u8, "x"u8, MqttQos.AtLeastOnce, false, observer, token));
        Assert.False(client.TryPublish("ab"u8, "x"u8, MqttQos.AtLeastOnce, false, observer, 3));
        using var impatient = new CancellationTokenSource();
        var waiting = client.PublishAsync("ab", "x"u8.ToArray(), MqttQos.AtLeastOnce, false, impatient.Token).AsTask();
        Assert.False(waiting.IsCompleted);
        await client.FlushAsync();
        await waiting.WaitAsync(RealTime.Patience);
        Assert.Equal([0L, 1, 2], observer.Acked);
        client.Abort();
        await broker.FinishAsync();
    }

    [Theory]
    [InlineData("20 02 00 00 40 02 00 09", MqttError.ProtocolViolation)]
    [InlineData("20 02 00 00 30 FF FF FF 7F 00 00", MqttError.TooLarge)]
    [InlineData("20 02 00 00 30 80 80 80 80 01", MqttError.Malformed)]
    public async Task A_hostile_packet_ends_the_connection_with_its_reason(string bytes, MqttError error)
    {
        await using var broker = FakeMqttBroker.Start(async peer =>
        {
            await peer.ReadPacketAsync();
            await peer.SendAsync(bytes);
            await peer.ExpectEndAsync();
        });
        await using var client = TestClient.Create(broker.Port);
        var lost = client.Loss();
        try
        {
            await client.ConnectAsync(default);
            Assert.Equal(error, (await lost.WaitAsync(RealTime.Patience)).Error);
        }
        catch (MqttException reason) // when the bad packet was read before the good news had been told
        {
            Assert.Equal(error, reason.Error);
        }
        await broker.FinishAsync();
        Assert.False(client.IsConnected);
    }

    /// <summary>§4.13.1: what was wrong is told before the connection closes.</summary>
    [Theory]
    [InlineData("F0 00", "E0 01 82")]                       // AUTH that nobody began: protocol error
    [InlineData("30 03 00 01 61", "E0 01 81")]              // PUBLISH cut off: malformed packet
    [InlineData("30 07 00 01 61 03 23 FF FF", "E0 01 94")]  // topic alias invalid
    [InlineData("30 FF FF FF 7F", "E0 01 95")]              // packet too large
    public async Task A_broker_of_MQTT_5_is_told_what_was_wrong(string bytes, string farewell)
    {
        await using var broker = FakeMqttBroker.Start(async peer =>
        {
            Assert.Equal(0x10, (await peer.ReadPacketAsync()).First);
            await peer.SendAsync("20 03 00 00 00");
            await peer.SendAsync(bytes);
            await peer.ExpectAsync(farewell);
            await peer.ExpectEndAsync();
        });
        await using var client =
            TestClient.Create(broker.Port, options => options with { Version = MqttProtocolVersion.V5 });
        await Record.ExceptionAsync(() => client.ConnectAsync(default)); // it may have ended before it was told of
        await broker.FinishAsync();
    }

    [Fact]
    public async Task A_smaller_receive_maximum_after_a_reconnect_holds_for_those_who_waited()
    {
        await using var broker = FakeMqttBroker.Start(
            async peer =>
            {
                await peer.ReadPacketAsync();
                await peer.SendAsync("20 03 00 00 00");
                for (var i = 0; i < 3; i++) await peer.ReadPacketAsync();
                peer.Close();
            },
            async peer =>
            {
                await peer.ReadPacketAsync();
                await peer.SendAsync("20 06 01 00 03 21 00 01"); // receive maximum 1
                for (var id = 1; id <= 4; id++)
                {
                    Assert.Equal(id, (await peer.ReadPacketAsync()).Body[5]); // behind the topic of two letters
                    Assert.False(peer.HasData); // [MQTT-3.3.4-7]
                    await peer.SendAsync([0x40, 2, 0, (byte)id]);
                }
                await peer.ExpectEndAsync();
            });
        await using var client = TestClient.Create(broker.Port,
            options => options with { Version = MqttProtocolVersion.V5, CleanSession = false, Window = 3 });
        var lost = client.Loss();
        await client.ConnectAsync(default);
        var sent = Enumerable.Range(0, 3).Select(_ => PublishAsync()).ToArray();
        await lost.WaitAsync(RealTime.Patience);
        Assert.Equal(1, (await client.ConnectAsync(default)).ReceiveMaximum);
        await Task.WhenAll([.. sent, PublishAsync()]).WaitAsync(RealTime.Patience);
        client.Abort();
        await broker.FinishAsync();

        Task PublishAsync() =>
            client.PublishAsync("ab", "x"u8.ToArray(), MqttQos.AtLeastOnce, false, default).AsTask();
    }

    [Fact]
    public async Task A_refused_client_closes_by_itself()
    {
        await using var broker = FakeMqttBroker.Start(async peer =>
        {
            await peer.ReadPacketAsync();
            await peer.SendAsync("20 02 00 05");
            await peer.ExpectEndAsync();
        });
        await using var client = TestClient.Create(broker.Port);
        var error = await Assert.ThrowsAsync<MqttException>(() => client.ConnectAsync(default));
        Assert.Equal((MqttError.Refused, MqttReasonCode.NotAuthorized), (error.Error, error.Reason));
        await broker.FinishAsync();
    }

    [Fact]
    public async Task CONNACK_byte_by_byte_is_as_good_as_at_once_and_a_half_close_is_a_loss()
    {
        await using var broker = FakeMqttBroker.Start(async peer =>
        {
            await peer.ReadPacketAsync();
            foreach (var one in new byte[] { 0x20, 2, 0, 0 }) await peer.SendAsync([one]);
            peer.HalfClose();
            await peer.ExpectEndAsync();
        });
        await using var client = TestClient.Create(broker.Port);
        var lost = client.Loss();
        try
        {
            await client.ConnectAsync(default);
            Assert.Equal(MqttError.ConnectionLost, (await lost.WaitAsync(RealTime.Patience)).Error);
        }
        catch (MqttException reason)
        {
            Assert.Equal(MqttError.ConnectionLost, reason.Error);
        }
        await broker.FinishAsync();
    }

    [Fact]
    public async Task A_broker_that_is_silent_after_CONNECT_is_left_after_the_deadline()
    {
        var connected = new TaskCompletionSource();
        await using var broker = FakeMqttBroker.Start(async peer =>
        {
            await peer.ReadPacketAsync();
            connected.SetResult();
            await peer.ExpectEndAsync();
        });
        var clock = new ManualTimeProvider();
        await using var client = TestClient.Create(broker.Port, clock: clock);
        var connecting = client.ConnectAsync(default);
        await connected.Task.WaitAsync(RealTime.Patience);
        clock.Advance(TimeSpan.FromSeconds(11));
        Assert.Equal(MqttError.TimedOut, (await Assert.ThrowsAsync<MqttException>(() => connecting)).Error);
        await broker.FinishAsync();
    }

    [Fact]
    public async Task A_black_hole_is_found_within_one_and_a_half_keep_alives()
    {
        await using var broker = FakeMqttBroker.Start(async peer =>
        {
            await peer.AcceptAsync();
            await peer.ExpectAsync("C0 00");
            await peer.ExpectEndAsync();
        });
        var clock = new ManualTimeProvider();
        await using var client =
            TestClient.Create(broker.Port, options => options with { KeepAlive = TimeSpan.FromSeconds(20) }, clock);
        var lost = client.Loss();
        await client.ConnectAsync(default);
        var since = clock.Elapsed;
        await clock.AdvanceUntilAsync(() => lost.IsCompleted, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(31));
        Assert.Equal(MqttError.TimedOut, (await lost).Error);
        Assert.InRange((clock.Elapsed - since).TotalSeconds, 20, 30);
        await broker.FinishAsync();
    }

    [Fact]
    public async Task After_a_loss_a_kept_session_delivers_again_with_DUP_and_the_publish_completes()
    {
        await using var broker = FakeMqttBroker.Start(
            async peer =>
            {
                await peer.AcceptAsync();
                await peer.ExpectAsync("32 08 00 03 61 2F 62 00 01 78");
                peer.Close();
            },
            async peer =>
            {
                await peer.AcceptAsync(sessionPresent: true);
                await peer.ExpectAsync("3A 08 00 03 61 2F 62 00 01 78");
                await peer.SendAsync("40 02 00 01");
                await peer.ExpectEndAsync();
            });
        await using var client = TestClient.Create(broker.Port, options => options with { CleanSession = false });
        var lost = client.Loss();
        await client.ConnectAsync(default);
        var publish = client.PublishAsync("a/b", "x"u8.ToArray(), MqttQos.AtLeastOnce, false, default).AsTask();
        await lost.WaitAsync(RealTime.Patience);
        Assert.False(publish.IsCompleted);
        Assert.True((await client.ConnectAsync(default)).SessionPresent);
        await publish.WaitAsync(RealTime.Patience);
        client.Abort();
        await broker.FinishAsync();
    }

    [Fact]
    public async Task In_a_clean_session_a_loss_fails_the_publish_and_frees_the_window()
    {
        await using var broker = FakeMqttBroker.Start(
            async peer =>
            {
                await peer.AcceptAsync();
                await peer.ReadPacketAsync();
                peer.Close();
            },
            async peer =>
            {
                await peer.AcceptAsync();
                Assert.Equal(0x32, (await peer.ReadPacketAsync()).First);
                await peer.ExpectEndAsync();
            });
        await using var client = TestClient.Create(broker.Port, options => options with { Window = 1 });
        await client.ConnectAsync(default);
        var publish = client.PublishAsync("a", "x"u8.ToArray(), MqttQos.AtLeastOnce, false, default).AsTask();
        Assert.Equal(MqttError.ConnectionLost, (await Assert.ThrowsAsync<MqttException>(() => publish)).Error);
        await Assert.ThrowsAsync<MqttException>(() =>
            client.PublishAsync("a", "x"u8.ToArray(), MqttQos.AtLeastOnce, false, default).AsTask());
        await client.ConnectAsync(default);
        Assert.True(client.TryPublish("a"u8, "x"u8, MqttQos.AtLeastOnce, false, null, 0));
        await client.FlushAsync();
        client.Abort();
        await broker.FinishAsync();
    }

    [Fact]
    public async Task Publishing_through_the_client_allocates_next_to_nothing()
    {
        const int Messages = 2000;
        await using var broker = FakeMqttBroker.Start(async peer =>
        {
            await peer.AcceptAsync();
            for (var i = 0; i < 2 * Messages; i++)
            {
                var (_, body) = await peer.ReadPacketAsync();
                await peer.SendAsync([0x40, 2, body[3], body[4]]);
            }
            await peer.ExpectEndAsync();
        });
        await using var client = TestClient.Create(broker.Port);
        await client.ConnectAsync(default);
        var observer = new CountingObserver();
        await RoundAsync();
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 100; i++) client.TryPublish("a"u8, "x"u8, MqttQos.AtLeastOnce, false, observer, i);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1000);
        client.Abort();

        async Task RoundAsync()
        {
            for (var i = 0; i < Messages; i++)
            {
                while (!client.TryPublish("a"u8, "x"u8, MqttQos.AtLeastOnce, false, observer, i)) await Task.Yield();
                await client.FlushAsync();
            }
            await TestClient.UntilAsync(() => observer.Count == Messages);
        }
    }

    private sealed class CountingObserver : IMqttPublishObserver
    {
        private int count;

        public int Count => Volatile.Read(ref count);

        public void Acknowledged(long token) => Interlocked.Increment(ref count);

        public void Refused(long token, MqttException reason) => Interlocked.Increment(ref count);

        public void Lost(long token, MqttException reason) => Interlocked.Increment(ref count);
    }
}
