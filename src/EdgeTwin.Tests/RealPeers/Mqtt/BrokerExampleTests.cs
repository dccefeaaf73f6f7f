using System.Text.Json;
using System.Xml.Linq;
using EdgeTwin.Benchmarks.Peers;
using EdgeTwin.Mqtt;
using YamlDotNet.RepresentationModel;

namespace EdgeTwin.Tests.RealPeers.Mqtt;

/// <summary>What <c>config/brokers</c> shows: loaded as the gateway loads it, and where the broker is at hand, started
/// from exactly these files.</summary>
public class BrokerExampleTests
{
    private const string Asset = "acme/north/water/line-1/pump-7";

    public static TheoryData<string> Brokers() =>
        [.. Directory.EnumerateDirectories(BrokerExample.Source).Select(folder => Path.GetFileName(folder)!).Order()];

    [Theory]
    [MemberData(nameof(Brokers))]
    public void An_example_loads_and_what_it_has_for_the_broker_is_well_formed(string broker)
    {
        using var example = new BrokerExample(broker);
        Assert.Empty(example.Load().Errors);
        foreach (var path in Directory.EnumerateFiles(Path.Combine(BrokerExample.Source, broker)))
        {
            var text = File.ReadAllText(path);
            switch (Path.GetExtension(path))
            {
                case ".json":
                    using (JsonDocument.Parse(text)) continue;
                case ".xml":
                    XDocument.Parse(text);
                    continue;
                case ".yaml":
                    new YamlStream().Load(new StringReader(text));
                    continue;
                case ".hocon":
                    Assert.Empty(Unclosed(text));
                    continue;
            }
        }
    }

    [Fact]
    public async Task Mosquitto_takes_the_gateway_by_its_certificate_and_no_other_topic()
    {
        using var example = new BrokerExample("mosquitto");
        var settings = example.Text("mosquitto.conf", ("listener 8883", "listener SECONDPORT 127.0.0.1"),
            ("/etc/mosquitto/certs/", $"{example.Folder}/"), ("/etc/mosquitto/", $"{example.Folder}/"),
            ("/var/lib/mosquitto/", $"{example.Folder}/"));
        await using var broker = await MosquittoBroker.StartAsync(settings);
        var uplink = example.Uplink("site", broker.SecondPort);
        await using var bench = new UplinkBench(uplink, folder: example.Folder, assetPath: Asset);
        await bench.AppendAsync(100);
        await bench.DrainedAsync();
        await using var other = new UplinkBench(uplink with { ClientId = "other" }, folder: example.Folder);
        await other.AppendAsync(1);
        await other.UntilAsync(status => status.LastError is not null);
        Assert.Contains("authoris", other.Pump.Status().LastError, StringComparison.Ordinal);
    }

    [Fact]
    public async Task RabbitMQ_takes_both_uplinks()
    {
        using var example = new BrokerExample("rabbitmq");
        await using var broker = await RabbitMq.StartAsync(example.Folder, port => example.Text("rabbitmq.conf",
            ("0.0.0.0:1883", $"127.0.0.1:{port}"), ("/etc/rabbitmq/", $"{example.Folder}/")));
        await DeliversAsync(example, broker.Port);
        await using var scada = new UplinkBench(example.Uplink("scada", broker.Port), folder: example.Folder);
        await scada.AppendAsync(10);
        await scada.DrainedAsync();
    }

    [Fact]
    public async Task NATS_takes_the_uplink()
    {
        using var example = new BrokerExample("nats");
        await using var broker = await Nats.StartAsync(example.Folder, (port, own) => example.Text("nats-server.conf",
            ("0.0.0.0:4222", $"127.0.0.1:{own}"), ("0.0.0.0:1883", $"127.0.0.1:{port}"),
            ("/var/lib/nats", $"{example.Folder}/jetstream")));
        await DeliversAsync(example, broker.Port);
    }

    private static async Task DeliversAsync(BrokerExample example, int port)
    {
        var options = new MqttClientOptions
        {
            Host = "127.0.0.1",
            Port = port,
            ClientId = "history",
            User = "history",
            Password = "change-me"u8.ToArray(),
        };
        await ReadyAsync(options);
        await using var audit = await UplinkAudit.StartAsync(options, MqttQos.AtLeastOnce);
        await using var bench = new UplinkBench(
            example.Uplink("site", port), folder: example.Folder, assetPath: Asset);
        await bench.AppendAsync(100);
        await bench.DrainedAsync();
        await audit.UntilAsync(100);
        Assert.Equal(0, audit.Missing(100));
    }

    // RabbitMQ listens before it has read its definitions; until then it closes every connection.
    private static async Task ReadyAsync(MqttClientOptions options)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                await using var client = new MqttClient(options, TimeProvider.System);
                await client.ConnectAsync(default);
                return;
            }
            catch (MqttException) when (attempt < 100)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(200), TimeProvider.System);
            }
        }
    }

    // There is no parser of HOCON here: every bracket and quote must close, in order.
    private static List<char> Unclosed(string text)
    {
        var open = new Stack<char>();
        foreach (var line in text.Split('\n').Where(line => !line.TrimStart().StartsWith('#')))
        {
            foreach (var character in line)
            {
                if (open.TryPeek(out var top) && top == '"')
                {
                    if (character == '"') open.Pop();
                }
                else if (character is '{' or '[' or '"') open.Push(character);
                else if (character is '}' or ']') Assert.Equal(character == '}' ? '{' : '[', open.Pop());
            }
        }

        return [.. open];
    }
}
