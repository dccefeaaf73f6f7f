using System.Security.Cryptography.X509Certificates;
using System.Text;
using EdgeTwin.Mqtt;
using EdgeTwin.Tests.Support;

namespace EdgeTwin.Tests.RealPeers;

/// <summary>Our client against mosquitto with what MQTT 5.0 adds, and what both versions share beyond QoS 1.</summary>
public class MosquittoMqtt5Tests
{
    [Theory]
    [InlineData(MqttProtocolVersion.V311)]
    [InlineData(MqttProtocolVersion.V5)]
    public async Task With_QoS_2_each_message_arrives_once_though_the_connection_breaks_again_and_again(
        MqttProtocolVersion version)
    {
        const int Messages = 600;
        // A client of MQTT 3.1.1 cannot know the broker's receive maximum, and mosquitto closes when it is passed.
        await using var broker = await MosquittoBroker.StartAsync(
            $"allow_anonymous true\nmax_inflight_messages {(version == MqttProtocolVersion.V5 ? 20 : 0)}");
        var options = Options(broker, "p") with { Version = version, CleanSession = false };
        await using var receiver = await ConnectedAsync(options with { ClientId = "r" });
        var subscription = await receiver.SubscribeAsync(
            new MqttSubscribeOptions { Filter = "n", Qos = MqttQos.ExactlyOnce, Queue = 2 * Messages }, default);
        Assert.Equal(MqttQos.ExactlyOnce, subscription.Granted);
        await using var client = await ConnectedAsync(options);
        for (var from = 0; from < Messages; from += 100)
        {
            var burst = Enumerable.Range(from, 100).Select(n => client.PublishAsync("n",
                Encoding.ASCII.GetBytes($"{n}"), MqttQos.ExactlyOnce, false, default).AsTask()).ToArray();
            client.Abort();
            receiver.Abort();
            Assert.True((await client.ConnectAsync(default)).SessionPresent);
            Assert.True((await receiver.ConnectAsync(default)).SessionPresent);
            foreach (var publish in burst)
            {
                // Those that still waited for a place when the connection went were never sent.
                var waited = await Record.ExceptionAsync(() => publish.WaitAsync(RealTime.Patience));
                if (waited is null) continue;
                Assert.Equal(MqttError.NotConnected, Assert.IsType<MqttException>(waited).Error);
                var number = Array.IndexOf(burst, publish) + from;
                await client.PublishAsync("n", Encoding.ASCII.GetBytes($"{number}"), MqttQos.ExactlyOnce, false,
                    default);
            }
        }
        var got = new List<int>();
        while (got.Count < Messages) got.Add(int.Parse(Text(await NextAsync(subscription))));
        Assert.Equal(Enumerable.Range(0, Messages), got.Order());
        Assert.False(subscription.Messages.TryPeek(out _));
    }

    [Fact]
    public async Task What_a_message_says_arrives_with_it()
    {
        await using var broker = await MosquittoBroker.StartAsync();
        await using var client = await ConnectedAsync(Options(broker, "c"));
        var subscription = await client.SubscribeAsync(
            new MqttSubscribeOptions { Filter = "request/+", Identifier = 300 }, default);
        var said = new MqttMessageProperties
        {
            PayloadIsText = true,
            Expiry = TimeSpan.FromSeconds(100),
            ContentType = "text/plain",
            ResponseTopic = "answer/7",
            CorrelationData = new byte[] { 1, 2, 3 },
            UserProperties = [new("site", "north"), new("site", "south")],
        };
        await client.PublishAsync("request/7", "hi"u8.ToArray(), MqttQos.AtLeastOnce, false, default, said);
        var message = await NextAsync(subscription);
        Assert.Equal([300], message.SubscriptionIdentifiers);
        Assert.Equal(said.UserProperties, message.Properties.UserProperties);
        Assert.Equal([1, 2, 3], message.Properties.CorrelationData!.Value.ToArray());
        Assert.InRange(message.Properties.Expiry!.Value.TotalSeconds, 50, 100);
        Assert.Equal((true, "text/plain", "answer/7"), (message.Properties.PayloadIsText,
            message.Properties.ContentType, message.Properties.ResponseTopic));
    }

    [Fact]
    public async Task The_brokers_receive_maximum_and_topic_aliases_are_kept_to()
    {
        await using var broker = await MosquittoBroker.StartAsync("allow_anonymous true\nmax_inflight_messages 3");
        await using var client = new MqttClient(Options(broker, "c") with { Window = 100 }, TimeProvider.System);
        var granted = await client.ConnectAsync(default);
        Assert.Equal(3, granted.ReceiveMaximum);
        Assert.Equal(10, granted.TopicAliasMaximum);
        var subscription = await client.SubscribeAsync("alias/#", MqttQos.AtLeastOnce, default);
        await Task.WhenAll(Enumerable.Range(0, 500).Select(n => client.PublishAsync($"alias/{n % 17}",
            Encoding.ASCII.GetBytes($"{n % 17}"), MqttQos.AtLeastOnce, false, default).AsTask()))
            .WaitAsync(RealTime.Patience);
        for (var n = 0; n < 500; n++)
        {
            var message = await NextAsync(subscription);
            Assert.Equal($"alias/{Text(message)}", message.Topic);
        }
    }

    [Fact]
    public async Task A_kept_session_goes_on_in_another_life_of_the_program_and_what_has_expired_is_not_in_it()
    {
        await using var broker = await MosquittoBroker.StartAsync();
        var options = Options(broker, "kept") with { CleanSession = false, SessionExpiry = TimeSpan.FromHours(1) };
        var filter = new MqttSubscribeOptions { Filter = "kept/#" };
        await using (var first = await ConnectedAsync(options))
        {
            await first.SubscribeAsync(filter, default);
            await first.DisconnectAsync(RealTime.Patience);
        }
        await using var publisher = await ConnectedAsync(Options(broker, "p"));
        await publisher.PublishAsync("kept/expired", default, MqttQos.AtLeastOnce, false, default,
            new MqttMessageProperties { Expiry = TimeSpan.FromSeconds(1) });
        await publisher.PublishAsync("kept/fresh", default, MqttQos.AtLeastOnce, false, default);
        await Task.Delay(TimeSpan.FromSeconds(2.5), TimeProvider.System); // the broker's clock runs in whole seconds
        await using var second = new MqttClient(options, TimeProvider.System);
        var subscription = second.Prepare(filter);
        Assert.True((await second.ConnectAsync(default)).SessionPresent);
        Assert.Equal("kept/fresh", (await NextAsync(subscription)).Topic);
        Assert.Equal(0, second.UnexpectedMessages);
    }

    [Fact]
    public async Task A_session_that_has_expired_is_gone()
    {
        await using var broker = await MosquittoBroker.StartAsync();
        var options = Options(broker, "short") with { CleanSession = false, SessionExpiry = TimeSpan.Zero };
        await using var client = await ConnectedAsync(options);
        await client.DisconnectAsync(RealTime.Patience);
        Assert.False((await client.ConnectAsync(default)).SessionPresent);
    }

    [Fact]
    public async Task A_shared_subscription_divides_the_messages()
    {
        await using var broker = await MosquittoBroker.StartAsync();
        await using var one = await ConnectedAsync(Options(broker, "one"));
        await using var two = await ConnectedAsync(Options(broker, "two"));
        var first = await one.SubscribeAsync("$share/group/s/+", MqttQos.AtLeastOnce, default);
        var second = await two.SubscribeAsync("$share/group/s/+", MqttQos.AtLeastOnce, default);
        for (var n = 0; n < 40; n++)
            await one.PublishAsync($"s/{n}", default, MqttQos.AtLeastOnce, false, default);
        await new ManualTimeProvider().UntilAsync(() => first.Received + second.Received == 40, "all messages");
        Assert.True(first.Received > 0 && second.Received > 0, $"{first.Received} and {second.Received}");
    }

    [Fact]
    public async Task Subscription_options_leave_out_what_is_local_or_kept()
    {
        await using var broker = await MosquittoBroker.StartAsync();
        await using var other = await ConnectedAsync(Options(broker, "other"));
        await other.PublishAsync("o/kept", "1"u8.ToArray(), MqttQos.AtLeastOnce, true, default);
        await using var client = await ConnectedAsync(Options(broker, "c"));
        var subscription = await client.SubscribeAsync(
            new MqttSubscribeOptions
            {
                Filter = "o/#",
                NoLocal = true,
                RetainHandling = MqttRetainHandling.DoNotSend,
                RetainAsPublished = true,
            }, default);
        await client.PublishAsync("o/local", default, MqttQos.AtLeastOnce, false, default);
        await other.PublishAsync("o/last", "1"u8.ToArray(), MqttQos.AtLeastOnce, true, default);
        var message = await NextAsync(subscription);
        Assert.Equal(("o/last", true), (message.Topic, message.Retain));
    }

    [Fact]
    public async Task What_the_broker_does_not_want_is_said_plainly_and_the_connection_stays()
    {
        // Without a limit of queued messages this mosquitto closes after it has refused one.
        await using var broker = await MosquittoBroker.StartAsync(
            "allow_anonymous true\nacl_file FOLDER/acl\nmax_packet_size 2000\nmax_queued_messages 1000",
            folder => File.WriteAllText(Path.Combine(folder, "acl"), "topic readwrite open/#\n"));
        await using var client = await ConnectedAsync(Options(broker, "c"));
        var denied = await Assert.ThrowsAsync<MqttException>(() =>
            client.PublishAsync("closed/1", default, MqttQos.AtLeastOnce, false, default).AsTask());
        Assert.Equal((MqttError.PublishRefused, MqttReasonCode.NotAuthorized), (denied.Error, denied.Reason));
        var large = await Assert.ThrowsAsync<MqttException>(() =>
            client.PublishAsync("open/1", new byte[2000], MqttQos.AtLeastOnce, false, default).AsTask());
        Assert.Equal((MqttError.TooLarge, MqttReasonCode.PacketTooLarge), (large.Error, large.Reason));
        await client.PublishAsync("open/1", new byte[1900], MqttQos.AtLeastOnce, false, default);
        Assert.True(client.IsConnected);
    }

    [Fact]
    public async Task The_will_speaks_when_the_client_asks_for_it()
    {
        await using var broker = await MosquittoBroker.StartAsync();
        await using var receiver = await ConnectedAsync(Options(broker, "r"));
        var subscription = await receiver.SubscribeAsync("will", MqttQos.AtLeastOnce, default);
        var will = new MqttWill
        {
            Topic = "will",
            Payload = "gone"u8.ToArray(),
            Properties = new MqttMessageProperties { UserProperties = [new("why", "service")] },
        };
        await using var client = await ConnectedAsync(Options(broker, "c") with { Will = will });
        await client.DisconnectAsync(RealTime.Patience, MqttReasonCode.DisconnectWithWillMessage);
        var message = await NextAsync(subscription);
        Assert.Equal("gone", Text(message));
        Assert.Equal([new("why", "service")], message.Properties.UserProperties);
    }

    [Fact]
    public async Task The_broker_gives_an_identifier_to_a_client_without_one()
    {
        await using var broker = await MosquittoBroker.StartAsync();
        await using var client = new MqttClient(Options(broker, ""), TimeProvider.System);
        Assert.NotEmpty((await client.ConnectAsync(default)).AssignedClientId!);
    }

    [Theory]
    [InlineData(MqttProtocolVersion.V311, false)]
    [InlineData(MqttProtocolVersion.V5, false)]
    [InlineData(MqttProtocolVersion.V5, true)]
    public async Task Inside_a_WebSocket_it_is_the_same(MqttProtocolVersion version, bool secure)
    {
        var tls = secure ? "\ncertfile FOLDER/server.pem\nkeyfile FOLDER/server.key" : "";
        // Alone a WebSocket listener does not start, and without the domain it listens on all addresses.
        await using var broker = await MosquittoBroker.StartAsync(
            $"allow_anonymous true\nlistener SECONDPORT 127.0.0.1\nprotocol websockets\nsocket_domain ipv4{tls}",
            TestAuthority.WriteTo);
        await using var client = await ConnectedAsync(Options(broker, "c") with
        {
            Port = broker.SecondPort,
            Version = version,
            WebSocket = new MqttWebSocketOptions(),
            Tls = secure ? new MqttTlsOptions { TrustedAuthorities = Authorities(broker) } : null,
        });
        var subscription = await client.SubscribeAsync("w/#", MqttQos.ExactlyOnce, default);
        // All at once, for mosquitto looks after its WebSockets ten times a second; no more than it keeps in flight.
        await Task.WhenAll(Enumerable.Range(0, 20).Select(n => client.PublishAsync("w/1", new byte[n * 1000],
            MqttQos.ExactlyOnce, false, default).AsTask())).WaitAsync(RealTime.Patience);
        for (var n = 0; n < 20; n++) Assert.Equal(n * 1000, (await NextAsync(subscription)).Payload.Length);
        await client.DisconnectAsync(RealTime.Patience);
    }

    [Fact]
    public async Task A_port_that_is_no_WebSocket_says_so()
    {
        await using var broker = await MosquittoBroker.StartAsync();
        await using var client = new MqttClient(
            Options(broker, "c") with { WebSocket = new MqttWebSocketOptions() }, TimeProvider.System);
        var error = await Assert.ThrowsAsync<MqttException>(
            () => client.ConnectAsync(default).WaitAsync(RealTime.Patience));
        Assert.Equal(MqttError.Unreachable, error.Error);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_client_certificate_proves_who_it_is(bool pkcs12)
    {
        await using var broker = await MosquittoBroker.StartAsync("""
            cafile FOLDER/ca.pem
            certfile FOLDER/server.pem
            keyfile FOLDER/server.key
            require_certificate true
            use_identity_as_username true
            """, TestAuthority.WriteTo);
        using var certificate = pkcs12
            ? X509CertificateLoader.LoadPkcs12FromFile(Path.Combine(broker.Folder, "client.p12"),
                TestAuthority.Password)
            : X509Certificate2.CreateFromPemFile(Path.Combine(broker.Folder, "client.pem"),
                Path.Combine(broker.Folder, "client.key"));
        var without = Options(broker, "c") with
        {
            Tls = new MqttTlsOptions { TrustedAuthorities = Authorities(broker) },
        };
        await using var client =
            await ConnectedAsync(without with { Tls = without.Tls with { ClientCertificate = certificate } });
        await client.PublishAsync("a", new byte[100_000], MqttQos.AtLeastOnce, false, default);
        await using var stranger = new MqttClient(without, TimeProvider.System);
        var error = await Assert.ThrowsAsync<MqttException>(
            () => stranger.ConnectAsync(default).WaitAsync(RealTime.Patience));
        Assert.True(error.Error is MqttError.TlsFailed or MqttError.ConnectionLost, $"{error.Error}: {error.Message}");
    }

    private static X509Certificate2Collection Authorities(MosquittoBroker broker)
    {
        var authorities = new X509Certificate2Collection();
        authorities.ImportFromPemFile(Path.Combine(broker.Folder, "ca.pem"));
        return authorities;
    }

    private static MqttClientOptions Options(MosquittoBroker broker, string clientId) =>
        MosquittoClientTests.Options(broker, clientId) with { Version = MqttProtocolVersion.V5 };

    private static async Task<MqttClient> ConnectedAsync(MqttClientOptions options)
    {
        var client = new MqttClient(options, TimeProvider.System);
        await client.ConnectAsync(default).WaitAsync(RealTime.Patience);
        return client;
    }

    private static Task<MqttMessage> NextAsync(MqttSubscription subscription) =>
        subscription.Messages.ReadAsync().AsTask().WaitAsync(RealTime.Patience);

    private static string Text(MqttMessage message) => Encoding.UTF8.GetString(message.Payload.Span);
}
