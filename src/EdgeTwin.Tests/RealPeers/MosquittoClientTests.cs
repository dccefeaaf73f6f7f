using System.Diagnostics;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using EdgeTwin.Mqtt;
using EdgeTwin.Tests.Support;

namespace EdgeTwin.Tests.RealPeers;

/// <summary>Our client against mosquitto.</summary>
public class MosquittoClientTests
{
    [Fact]
    public async Task What_is_published_comes_back_with_either_quality_of_service()
    {
        await using var broker = await MosquittoBroker.StartAsync();
        await using var client = new MqttClient(Options(broker), TimeProvider.System);
        await client.ConnectAsync(default);
        var subscription = await client.SubscribeAsync("a/#", MqttQos.AtLeastOnce, default);
        Assert.Equal(MqttQos.AtLeastOnce, subscription.Granted);
        await client.PublishAsync("a/0", "zero"u8.ToArray(), MqttQos.AtMostOnce, false, default);
        await client.PublishAsync("a/1", new byte[100_000], MqttQos.AtLeastOnce, false, default);
        await client.PublishAsync("a/2", ReadOnlyMemory<byte>.Empty, MqttQos.AtLeastOnce, true, default);
        var messages = new List<MqttMessage>();
        for (var i = 0; i < 3; i++)
            messages.Add(await subscription.Messages.ReadAsync().AsTask().WaitAsync(RealTime.Patience));
        Assert.Equal([("a/0", 4), ("a/1", 100_000), ("a/2", 0)], messages.Select(m => (m.Topic, m.Payload.Length)));
        await client.UnsubscribeAsync(subscription, default);
        await client.DisconnectAsync(RealTime.Patience);
        Assert.False(client.IsConnected);
    }

    [Fact]
    public async Task Ten_thousand_messages_through_a_small_window_arrive_in_order()
    {
        await using var broker = await MosquittoBroker.StartAsync();
        await using var receiver = new MqttClient(Options(broker, "r"), TimeProvider.System);
        await receiver.ConnectAsync(default);
        var subscription = await receiver.SubscribeAsync(
            new MqttSubscribeOptions { Filter = "n", Qos = MqttQos.AtMostOnce, Queue = 20_000 }, default);
        await using var client = new MqttClient(Options(broker) with { Window = 16 }, TimeProvider.System);
        await client.ConnectAsync(default);
        for (var i = 0; i < 10_000; i += 100)
            await Task.WhenAll(Enumerable.Range(i, 100).Select(n =>
                client.PublishAsync("n", Encoding.ASCII.GetBytes($"{n}"), MqttQos.AtLeastOnce, false,
                    default).AsTask()));
        for (var i = 0; i < 10_000; i++)
        {
            var message = await subscription.Messages.ReadAsync().AsTask().WaitAsync(RealTime.Patience);
            if (i % 100 == 0) Assert.Equal($"{i}", Encoding.ASCII.GetString(message.Payload.Span));
        }
    }

    [Fact]
    public async Task TLS_with_an_authority_of_our_own_and_user_and_password()
    {
        await using var broker = await MosquittoBroker.StartAsync("""
            allow_anonymous false
            password_file FOLDER/passwords
            certfile FOLDER/server.pem
            keyfile FOLDER/server.key
            """, Prepare);
        var authorities = new X509Certificate2Collection();
        authorities.ImportFromPemFile(Path.Combine(broker.Folder, "ca.pem"));
        var good = Options(broker) with
        {
            Tls = new MqttTlsOptions { TrustedAuthorities = authorities },
            User = "pump",
            Password = "secret"u8.ToArray(),
        };
        await using (var client = new MqttClient(good, TimeProvider.System))
        {
            await client.ConnectAsync(default);
            await client.PublishAsync("a", new byte[200_000], MqttQos.AtLeastOnce, false,
                default).AsTask().WaitAsync(RealTime.Patience);
        }
        await AssertRefusedAsync(good with { Password = "wrong"u8.ToArray() }, MqttError.Refused);
        await AssertRefusedAsync(good with { User = null, Password = null }, MqttError.Refused);
        // the system does not know our authority
        await AssertRefusedAsync(good with { Tls = new MqttTlsOptions() }, MqttError.TlsFailed);
        await AssertRefusedAsync(good with { Tls = good.Tls with { ServerName = "other.example" } },
            MqttError.TlsFailed);

        static void Prepare(string folder)
        {
            TestAuthority.WriteTo(folder);
            using var tool =
                Process.Start("mosquitto_passwd", ["-b", "-c", Path.Combine(folder, "passwords"), "pump", "secret"]);
            Assert.True(tool.WaitForExit(20_000));
        }
    }

    [Fact]
    public async Task A_frozen_broker_is_noticed_within_one_and_a_half_keep_alives()
    {
        await using var broker = await MosquittoBroker.StartAsync();
        await using var client =
            new MqttClient(Options(broker) with { KeepAlive = TimeSpan.FromSeconds(2) }, TimeProvider.System);
        var lost = new TaskCompletionSource<MqttException>(TaskCreationOptions.RunContinuationsAsynchronously);
        client.StateChanged += (_, change) =>
        {
            if (change.State is MqttConnectionState.Lost loss) lost.TrySetResult(loss.Reason);
        };
        await client.ConnectAsync(default);
        await broker.FreezeAsync();
        var since = Stopwatch.StartNew();
        Assert.Equal(MqttError.TimedOut, (await lost.Task.WaitAsync(RealTime.Patience)).Error);
        Assert.InRange(since.Elapsed.TotalSeconds, 0.5, 30); // 3 s, and room for a busy machine
        await broker.ThawAsync();
        await client.ConnectAsync(default);
    }

    [Fact]
    public async Task The_last_will_speaks_when_the_client_vanishes_and_only_then()
    {
        await using var broker = await MosquittoBroker.StartAsync();
        await using var receiver = new MqttClient(Options(broker, "r"), TimeProvider.System);
        await receiver.ConnectAsync(default);
        var subscription = await receiver.SubscribeAsync("will/#", MqttQos.AtLeastOnce, default);
        foreach (var vanish in (bool[])[false, true])
        {
            await using var client = new MqttClient(
                Options(broker) with { Will = new MqttWill { Topic = $"will/{vanish}", Payload = "gone"u8.ToArray() } },
                TimeProvider.System);
            await client.ConnectAsync(default);
            if (vanish) client.Abort();
            else await client.DisconnectAsync(RealTime.Patience);
        }
        var message = await subscription.Messages.ReadAsync().AsTask().WaitAsync(RealTime.Patience);
        Assert.Equal("will/True", message.Topic); // the first in order would have been will/False
    }

    [Fact]
    public async Task A_port_where_nobody_listens_is_unreachable()
    {
        var broker = await MosquittoBroker.StartAsync();
        var options = Options(broker);
        await broker.DisposeAsync();
        await AssertRefusedAsync(options, MqttError.Unreachable);
    }

    internal static MqttClientOptions Options(MosquittoBroker broker, string clientId = "c") =>
        new() { Host = "127.0.0.1", Port = broker.Port, ClientId = clientId };

    private static async Task AssertRefusedAsync(MqttClientOptions options, MqttError error)
    {
        await using var client = new MqttClient(options, TimeProvider.System);
        Assert.Equal(error,
            (await Assert.ThrowsAsync<MqttException>(
                () => client.ConnectAsync(default).WaitAsync(RealTime.Patience))).Error);
    }
}
