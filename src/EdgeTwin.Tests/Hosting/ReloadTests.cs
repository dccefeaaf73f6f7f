using System.Diagnostics;
using EdgeTwin.Configuration;
using EdgeTwin.Hosting;
using EdgeTwin.OpcUa.Client;
using EdgeTwin.OpcUa.Client.Subscriptions;
using EdgeTwin.OpcUa.Schema;
using EdgeTwin.OpcUa.Security;
using EdgeTwin.OpcUa.Types;
using EdgeTwin.Prediction;
using EdgeTwin.Tests.Configuration;
using EdgeTwin.Tests.Support;
using Microsoft.Extensions.Logging.Abstractions;

namespace EdgeTwin.Tests.Hosting;

/// <summary>A running gateway takes a new configuration.</summary>
[Collection(RealTime.Name)]
public sealed class ReloadTests : IAsyncLifetime
{
    private const string Uri = "urn:edgetwin:asset:acme/pump-7";
    private const string Flow = "  flow: { source: plant, address: pump.flow, type: float32 }";
    private const string Level = "  level: { source: plant, address: tank.level, type: float32 }";
    private const string Pressure = "  pressure: { source: plant, address: pump.pressure, type: float32 }";

    private readonly TemporaryFolder folder = new();
    private readonly CancellationTokenSource stop = new();
    private Func<ConfigResult> load = null!;
    private Gateway gateway = null!;
    private Task running = Task.CompletedTask;

    public async Task InitializeAsync()
    {
        var file = Write(Flow, Level);
        load = () => ConfigurationFile.Load(file);
        gateway = Gateway.Open(load(), NullLoggerFactory.Instance, TimeProvider.System, 1, () => load());
        running = gateway.RunAsync(stop.Token);
        await UntilAsync(() => gateway.OpcUaEndpoint is not null);
    }

    public async Task DisposeAsync()
    {
        await stop.CancelAsync();
        await running.WaitAsync(RealTime.Patience);
        await gateway.DisposeAsync();
        folder.Dispose();
        stop.Dispose();
    }

    [Fact]
    public async Task A_subscription_lives_through_it_and_is_told_what_changed()
    {
        await using var client = await ConnectAsync();
        await using var subscription = await client.SubscribeAsync(
            new SubscriptionOptions { PublishingInterval = TimeSpan.FromMilliseconds(50), Capacity = 10_000 });
        var items = await subscription.AddAsync(
        [
            new ItemOptions { Node = Node("flow"), Tag = "flow" },
            new ItemOptions { Node = Node("level"), Tag = "level" },
            new ItemOptions
            {
                Node = (NodeId)NodeIds.Server,
                AttributeId = AttributeIds.EventNotifier,
                QueueSize = 10,
                Filter = new EventFilter { SelectClauses = [Field("EventType")] },
            },
        ]);
        Assert.All(items, item => Assert.True(item.Status.IsGood, item.Status.ToString()));
        var id = subscription.ServerId;
        await ReadUntilAsync(subscription, seen =>
            seen.Exists(notice => Has(notice, "level", value => value.Status.IsGood)));

        Write(Flow, Pressure);
        var result = await gateway.ReloadAsync(default);
        Assert.Empty(result.Errors);
        Assert.Equal(["pressure"], result.Added);
        Assert.Equal(["level"], result.Removed);
        var at = TimeProvider.System.GetUtcNow().UtcDateTime;

        // Values and events of one message are two notices.
        var seen = await ReadUntilAsync(subscription, seen => seen.Exists(notice => notice is EventNotice)
            && seen.Exists(notice => Has(notice, "flow", value => value.Status.IsGood && value.SourceTimestamp > at)));
        Assert.Contains(seen, notice =>
            Has(notice, "level", value => value.Status == StatusCodes.BadNodeIdUnknown));
        var told = Assert.Single(seen.OfType<EventNotice>().SelectMany(notice => notice.Events));
        Assert.Equal((NodeId)NodeIds.GeneralModelChangeEventType, told.Fields[0].Get<NodeId>());
        Assert.DoesNotContain(seen, notice => notice is RecoveryNotice or GapNotice);
        Assert.Equal((id, ClientState.Connected), (subscription.ServerId, client.State));

        var read = await client.ReadAsync([Resolve(client, "pressure"), Resolve(client, "level")]);
        Assert.Equal((StatusCodes.Good, StatusCodes.BadNodeIdUnknown), (read[0].Status, read[1].Status));
    }

    [Fact]
    public async Task With_errors_the_old_configuration_goes_on_and_each_is_said()
    {
        Write(Flow, Pressure, "  odd: { source: nowhere, address: x, type: float32 }", "  odder: { source: plant }");
        var result = await gateway.ReloadAsync(default);
        var said = string.Join('\n', result.Errors);
        Assert.Contains("there is no source 'nowhere'", said, StringComparison.Ordinal);
        Assert.Contains("'odder'", said, StringComparison.Ordinal);
        Assert.Equal(["flow", "level"], await TagsAsync());
    }

    [Fact]
    public async Task What_others_hold_on_to_takes_a_restart_and_is_said_so()
    {
        var file = Write(Flow);
        await File.WriteAllTextAsync(file, (await File.ReadAllTextAsync(file))
            .Replace("id: reload", "id: other", StringComparison.Ordinal)
            .Replace("port: 0", "port: 4841", StringComparison.Ordinal)
            .Replace("policies: [None]", "policies: [Basic256Sha256]", StringComparison.Ordinal));
        var result = await gateway.ReloadAsync(default);
        Assert.Collection(
            result.Errors,
            error => Assert.EndsWith(
                "edgetwin.yaml:1:16: gateway: 'id' was 'reload' and is 'other'; that takes a restart (systemctl "
                + "restart edgetwin)", error),
            error => Assert.Contains("serving: opcua: 'port' was 0 and is 4841; that takes a restart", error),
            error => Assert.Contains("'policies' was ['None'] and is ['Basic256Sha256']; that takes a restart", error));
        Assert.Equal(["flow", "level"], await TagsAsync());
    }

    [Fact]
    public async Task What_cannot_be_opened_leaves_the_old_configuration_running()
    {
        // A package that goes between the check of the file and its use.
        var loaded = ConfigurationFile.Load(Write(Flow));
        load = () => loaded with
        {
            Config = loaded.Config! with
            {
                Models = new Dictionary<string, ModelConfig> { ["gone"] = new() { Package = "gone.onnx" } },
            },
        };
        var before = (await gateway.StatusAsync()).SamplesApplied;
        var result = await gateway.ReloadAsync(default);
        Assert.Contains("gone", Assert.Single(result.Errors), StringComparison.Ordinal);
        Assert.Equal(["flow", "level"], await TagsAsync());
        await UntilAsync(async () => (await gateway.StatusAsync()).SamplesApplied > before);
    }

    private static ExpandedNodeId Node(string tag) => new(new NodeId(0, $"acme/pump-7/{tag}"), Uri);

    private static SimpleAttributeOperand Field(string name) => new()
    {
        TypeDefinitionId = NodeIds.BaseEventType,
        BrowsePath = [new QualifiedName(0, name)],
        AttributeId = AttributeIds.Value,
    };

    private static NodeId Resolve(OpcUaClient client, string tag)
    {
        Assert.True(client.Namespaces!.TryResolve(Node(tag), out var node));
        return node;
    }

    private static bool Has(SubscriptionNotice notice, string tag, Func<DataValue, bool> isSo) =>
        notice is DataChangeNotice data
        && data.Changes.Any(change => tag.Equals(change.Item.Tag) && isSo(change.Value));

    private static async Task<List<SubscriptionNotice>> ReadUntilAsync(
        ClientSubscription subscription, Predicate<List<SubscriptionNotice>> isEnough)
    {
        using var deadline = new CancellationTokenSource(RealTime.Patience, TimeProvider.System);
        var seen = new List<SubscriptionNotice>();
        do
        {
            seen.Add(await subscription.Notices.ReadAsync(deadline.Token));
        }
        while (!isEnough(seen));
        return seen;
    }

    private static Task UntilAsync(Func<bool> reached) => UntilAsync(() => Task.FromResult(reached()));

    private static async Task UntilAsync(Func<Task<bool>> reached)
    {
        var since = Stopwatch.StartNew();
        while (!await reached())
        {
            Assert.True(since.Elapsed < RealTime.Patience);
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System);
        }
    }

    private async Task<IEnumerable<string>> TagsAsync() => (await gateway.StatusAsync()).Tags.Select(tag => tag.Name);

    private async Task<OpcUaClient> ConnectAsync()
    {
        var client = new OpcUaClient(
            new OpcUaClientOptions
            {
                EndpointUrl = new System.Uri(gateway.OpcUaEndpoint!),
                SecurityPolicy = SecurityPolicy.None,
                SecurityMode = MessageSecurityMode.None,
                ApplicationUri = "urn:test:client",
            }, TimeProvider.System, NullLogger.Instance);
        await client.ConnectAsync();
        return client;
    }

    private string Write(params string[] tags) => folder.Write("edgetwin.yaml", $$"""
        gateway: { id: reload, data: ./data }
        asset: { path: acme/pump-7 }
        sources:
          plant: { driver: simulation, scan: 20ms, seed: 1, noise: 0.01 }
        serving: { opcua: { port: 0, policies: [None], anonymous: true } }
        tags:
        {{string.Join('\n', tags)}}

        """);
}
