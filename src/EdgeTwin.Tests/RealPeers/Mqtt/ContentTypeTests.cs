using EdgeTwin.Mqtt;
using EdgeTwin.Tests.Support;
using EdgeTwin.Upstream;

namespace EdgeTwin.Tests.RealPeers.Mqtt;

/// <summary>What a message says of its payload, as a subscriber of mosquitto gets it.</summary>
public class ContentTypeTests
{
    private static readonly BatchConfig Batch = new() { Samples = 10 };

    [Fact]
    public async Task With_MQTT_5_a_message_says_what_its_payload_is_and_with_3_1_1_nothing()
    {
        await using var broker = await MosquittoBroker.StartAsync();
        await using var client = new MqttClient(
            new MqttClientOptions
            {
                Host = "127.0.0.1",
                Port = broker.Port,
                ClientId = "reader",
                Version = MqttProtocolVersion.V5,
            },
            TimeProvider.System);
        var subscription = client.Prepare(new MqttSubscribeOptions { Filter = "acme/pump-7/data/#" });
        await client.ConnectAsync(default);
        var config = UplinkBench.Config(broker.Port) with { Protocol = "5" };
        (MqttUplinkConfig Config, bool IsText, string? ContentType)[] all =
        [
            (config, true, "application/json"),
            (config with { Batch = Batch }, true, "application/json"),
            (config with { Batch = Batch with { Compression = Compression.Gzip } }, false, "application/json+gzip"),
            (config with { Batch = Batch with { Compression = Compression.Brotli } }, false, "application/json+br"),
            (config with { Topic = "{asset.path}/data/{tag}", Payload = "{value}" }, true, null),
            (config with { Protocol = "3.1.1" }, false, null),
        ];
        foreach (var (uplink, isText, contentType) in all)
        {
            await using var bench = new UplinkBench(uplink);
            await bench.AppendAsync(1);
            using var patience = new CancellationTokenSource(RealTime.Patience);
            var message = await subscription.Messages.ReadAsync(patience.Token);
            Assert.Equal((isText, contentType), (message.Properties.PayloadIsText, message.Properties.ContentType));
        }
    }

    [Fact]
    public void The_size_of_a_packet_counts_what_it_says_of_its_payload()
    {
        var config = UplinkBench.Config(1);
        Assert.Equal(0, PayloadNotes.LengthOf(PayloadNotes.Of(config)));
        Assert.Equal(2 + 3 + 16, PayloadNotes.LengthOf(PayloadNotes.Of(config with { Protocol = "5" })));
    }
}
