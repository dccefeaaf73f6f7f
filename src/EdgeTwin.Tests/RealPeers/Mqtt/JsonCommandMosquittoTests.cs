using System.Text;
using System.Text.Json;
using EdgeTwin.Mqtt;
using EdgeTwin.Tags;
using EdgeTwin.Tests.Support;
using EdgeTwin.Tests.Upstream;
using EdgeTwin.Tests.Upstream.Sparkplug;
using EdgeTwin.Upstream;
using Microsoft.Extensions.Logging.Abstractions;

namespace EdgeTwin.Tests.RealPeers.Mqtt;

/// <summary>JSON commands through a real broker, from the asker to the port and back.</summary>
public class JsonCommandMosquittoTests
{
    private const string Topic = "acme/pump-7/$command";

    [Theory]
    [InlineData("3.1.1")]
    [InlineData("5")]
    public async Task Each_command_is_answered_and_a_good_one_reaches_the_port_once(string protocol)
    {
        await using var broker = await MosquittoBroker.StartAsync();
        var rig = new SparkplugRig();
        await using var pump = Pump(rig, broker.Port, protocol);
        pump.Start();
        await using var asker = new MqttClient(
            MosquittoClientTests.Options(broker, "asker") with { Version = MqttProtocolVersion.V5 },
            TimeProvider.System);
        await asker.ConnectAsync(default);
        var isV5 = protocol == "5";
        var answerTopic = isV5 ? "asker/answers" : $"{Topic}/answer";
        var answers = await asker.SubscribeAsync(new MqttSubscribeOptions { Filter = answerTopic }, default);
        var online = await asker.SubscribeAsync(new MqttSubscribeOptions { Filter = "acme/pump-7/$gateway" }, default);
        await NextAsync(online);

        Assert.Equal(("BadNotWritable", null), await AskAsync("a", "Float64", "4.5"));
        Assert.Equal(("BadInvalidArgument", "it came before"), await AskAsync("a", "Float64", "4.5"));
        Assert.Equal(("BadInvalidArgument", "there is no such tag"), await AskAsync("b", "Flot64", "4.5"));
        Assert.Equal(("BadInvalidArgument", "4.5 is no Int32, which 'Int32' is"), await AskAsync("c", "Int32", "4.5"));
        Assert.Equal(("BadNotWritable", null), await AskAsync("d", "Int32", "-4"));
        Assert.Equal([(rig["Float64"].Id, TagValue.From(4.5)), (rig["Int32"].Id, TagValue.From(-4))],
            rig.Requests.Select(request => (request.Tag, request.Value)));
        Assert.Equal("mqtt", rig.Requests[0].Origin);

        async Task<(string? Status, string? Reason)> AskAsync(string id, string tag, string value)
        {
            var command = $$"""{"id":"{{id}}","tag":"{{tag}}","value":{{value}},"sent":"{{TimeProvider.System
                .GetUtcNow():O}}"}""";
            var correlation = Encoding.UTF8.GetBytes($"c-{id}");
            await asker.PublishAsync(Topic, Encoding.UTF8.GetBytes(command), MqttQos.AtLeastOnce, false, default,
                isV5
                    ? new MqttMessageProperties { ResponseTopic = answerTopic, CorrelationData = correlation }
                    : null);
            var message = await NextAsync(answers);
            if (isV5) Assert.Equal(correlation, message.Properties.CorrelationData!.Value.ToArray());
            using var answer = JsonDocument.Parse(message.Payload);
            Assert.Equal((id, tag), (Text(answer, "id"), Text(answer, "tag")));
            return (Text(answer, "status"), Text(answer, "reason"));
        }
    }

    [Fact]
    public async Task A_command_that_the_broker_kept_is_refused()
    {
        await using var broker = await MosquittoBroker.StartAsync();
        var rig = new SparkplugRig();
        await using var asker = new MqttClient(MosquittoClientTests.Options(broker, "asker"), TimeProvider.System);
        await asker.ConnectAsync(default);
        var answers = await asker.SubscribeAsync(new MqttSubscribeOptions { Filter = $"{Topic}/answer" }, default);
        var command = $$"""{"id":"a","tag":"Int32","value":1,"sent":"{{TimeProvider.System.GetUtcNow():O}}"}""";
        await asker.PublishAsync(Topic, Encoding.UTF8.GetBytes(command), MqttQos.AtLeastOnce, retain: true, default);
        await using var pump = Pump(rig, broker.Port, "3.1.1");
        pump.Start();
        using var answer = JsonDocument.Parse((await NextAsync(answers)).Payload);
        Assert.Contains("kept", Text(answer, "reason"), StringComparison.Ordinal);
        Assert.Empty(rig.Requests);
    }

    private static UplinkPump Pump(SparkplugRig rig, int port, string protocol) => new("site",
        UplinkCatalog.Create(
            new MqttUplinkConfig
            {
                Driver = "mqtt",
                Endpoint = new Uri($"mqtt://127.0.0.1:{port}"),
                Protocol = protocol,
                Commands = "{asset.path}/$command",
            },
            rig.Context(TimeProvider.System)),
        new FakeOutbox(new FakeDisk()), new UplinkPlan(DrainOrder.LiveFirst), TimeProvider.System, new Random(1),
        NullLogger.Instance);

    private static async Task<MqttMessage> NextAsync(MqttSubscription subscription)
    {
        using var patience = new CancellationTokenSource(RealTime.Patience);
        return await subscription.Messages.ReadAsync(patience.Token);
    }

    private static string? Text(JsonDocument answer, string member) =>
        answer.RootElement.TryGetProperty(member, out var value) ? value.GetString() : null;
}
