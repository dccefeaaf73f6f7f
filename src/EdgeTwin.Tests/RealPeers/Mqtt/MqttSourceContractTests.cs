using System.Text;
using EdgeTwin.Mqtt;
using EdgeTwin.Sources;
using EdgeTwin.Sources.Mqtt;
using EdgeTwin.Tags;
using EdgeTwin.Tests.Sources;

namespace EdgeTwin.Tests.RealPeers.Mqtt;

/// <summary>The contract of sources, kept by the MQTT driver against mosquitto and a device that says something fifty
/// times a second.</summary>
public sealed class MqttSourceContractTests : SourceContractTests
{
    private readonly CancellationTokenSource stop = new();
    private MosquittoBroker? broker;
    private Task talking = Task.CompletedTask;

    private protected override SourceDriver Driver => MqttSource.Driver;

    private protected override bool IsTold => true;

    private protected override IReadOnlyList<TagConfig> GoodTags =>
    [
        SourceContexts.Tag("hall/flow"),
        SourceContexts.Tag("hall/speed", TagDataType.Int32),
        SourceContexts.Tag("hall/meter#/power", TagDataType.Float32),
    ];

    private protected override TagConfig AbsentTag => SourceContexts.Tag("hall/colour");

    private protected override TagConfig WrongTag => SourceContexts.Tag("hall/+");

    private protected override async Task<SourceConfig> StartPeerAsync()
    {
        broker = await MosquittoBroker.StartAsync();
        talking = TalkAsync();
        return new MqttSourceConfig
        {
            Driver = "mqtt",
            Endpoint = new Uri($"mqtt://127.0.0.1:{broker.Port}"),
            Format = MqttSourceFormat.Value,
            Timeout = TimeSpan.FromSeconds(2),
        };
    }

    private protected override async Task StopPeerAsync()
    {
        await stop.CancelAsync();
        await talking;
        await broker!.DisposeAsync();
    }

    private async Task TalkAsync()
    {
        await using var device = new MqttClient(MosquittoClientTests.Options(broker!, "device"), TimeProvider.System);
        try
        {
            await device.ConnectAsync(stop.Token);
            while (true)
            {
                await SayAsync("hall/flow", "12.5");
                await SayAsync("hall/speed", "1480");
                await SayAsync("hall/meter", """{"power":4.5}""");
                await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, stop.Token);
            }
        }
        catch (OperationCanceledException)
        {
            return;
        }

        async Task SayAsync(string topic, string text) => await device.PublishAsync(
            topic, Encoding.UTF8.GetBytes(text), MqttQos.AtLeastOnce, retain: false, stop.Token);
    }
}
