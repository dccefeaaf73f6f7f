using EdgeTwin.Benchmarks.Peers;
using EdgeTwin.OpcUa.Client;
using EdgeTwin.OpcUa.Client.Subscriptions;
using EdgeTwin.OpcUa.Schema;
using EdgeTwin.OpcUa.Types;
using EdgeTwin.Tests.Support;
using Microsoft.Extensions.Logging.Abstractions;

namespace EdgeTwin.Tests.RealPeers.OpcUa;

/// <summary>Monitored items that are changed and linked while node-opcua's server monitors them.</summary>
[Collection(RealTime.Name)]
public sealed class ItemChangesAgainstNodeOpcUaTests : IAsyncLifetime
{
    private NodeOpcUaServer server = null!;
    private ClientPlace place = null!;
    private OpcUaClient client = null!;
    private ClientSubscription subscription = null!;
    private NoticeLog log = null!;

    public async Task InitializeAsync()
    {
        place = ClientPlace.Make();
        server = await NodeOpcUaServer.LaunchAsync();
        client = new OpcUaClient(place.Options(server.Url), TimeProvider.System, NullLogger.Instance);
        await client.ConnectAsync();
        subscription = await client.SubscribeAsync(new SubscriptionOptions
        {
            PublishingInterval = TimeSpan.FromMilliseconds(100),
            KeepAlive = TimeSpan.FromSeconds(1),
        });
        log = new NoticeLog(subscription);
    }

    public async Task DisposeAsync()
    {
        await client.DisposeAsync();
        await server.DisposeAsync();
        place.Dispose();
    }

    [Fact]
    public async Task A_changed_filter_counts_at_once_and_after_the_session_was_lost()
    {
        var deadband = new DataChangeFilter
        {
            Trigger = DataChangeTrigger.StatusValue,
            DeadbandType = (uint)DeadbandType.Absolute,
            DeadbandValue = 50,
        };
        var items = await subscription.AddAsync([Item("Flow") with { Filter = deadband }, Item("Count")]);
        await log.ValueAsync(items[0], static v => v.Value.Get<double>() == 1.5);
        Assert.Throws<ArgumentException>(() =>
        {
            _ = subscription.ModifyAsync(items, static o => o with { IndexRange = "1" });
        });

        var results = await subscription.ModifyAsync([items[0]], static o => o with { Filter = null, QueueSize = 9 });
        Assert.Equal([StatusCodes.Good], results.Select(static r => r.Value));
        Assert.Equal(9u, items[0].RevisedQueueSize);
        await server.SendAsync("set", new { name = "Flow", value = 2.5 });
        await log.ValueAsync(items[0], static v => v.Value.Get<double>() == 2.5);

        await server.SendAsync("killSessions");
        await log.UntilAsync<RecoveryNotice>();
        await server.SendAsync("set", new { name = "Flow", value = 3.5 });
        await log.ValueAsync(items[0], static v => v.Value.Get<double>() == 3.5);
    }

    [Fact]
    public async Task A_sampled_item_reports_with_the_one_that_triggers_it_also_after_the_session_was_lost()
    {
        var items = await subscription.AddAsync(
            [Item("Count"), Item("Flow") with { Mode = MonitoringMode.Sampling, QueueSize = 5 }]);
        Assert.Equal([StatusCodes.Good],
            (await subscription.TriggerAsync(items[0], [items[1]])).Select(static r => r.Value));
        Assert.Equal([items[1]], items[0].Triggered);
        await ShowsWithCountAsync(11, 2.5);

        await server.SendAsync("killSessions");
        await log.UntilAsync<RecoveryNotice>();
        await ShowsWithCountAsync(12, 3.5);

        // Without the link nothing of it comes; reporting again, it does.
        await subscription.UntriggerAsync(items[0], [items[1]]);
        await server.SendAsync("set", new { name = "Flow", value = 4.5, pause = 300 });
        await server.SendAsync("set", new { name = "Count", value = 13 });
        await log.ValueAsync(items[0], static v => v.Value.Get<int>() == 13);
        Assert.DoesNotContain(4.5, log.ValuesOf<double>(items[1]));
        await subscription.ModifyAsync([items[1]], static o => o with { Mode = MonitoringMode.Reporting });
        await server.SendAsync("set", new { name = "Flow", value = 5.5 });
        await log.ValueAsync(items[1], static v => v.Value.Get<double>() == 5.5);

        async Task ShowsWithCountAsync(int count, double flow)
        {
            await server.SendAsync("set", new { name = "Flow", value = flow, pause = 300 });
            Assert.DoesNotContain(flow, log.ValuesOf<double>(items[1]));
            await server.SendAsync("set", new { name = "Count", value = count });
            await log.ValueAsync(items[1], v => v.Value.Get<double>() == flow);
        }
    }

    private ItemOptions Item(string name) => new()
    {
        Node = new NodeId((ushort)client.Namespaces!.IndexOf("urn:peer:plant"), name),
        SamplingInterval = TimeSpan.FromMilliseconds(50),
    };
}
