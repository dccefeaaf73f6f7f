using System.Text.Json;
using EdgeTwin.Benchmarks.OpcUa;
using EdgeTwin.OpcUa.Server.Nodes;
using EdgeTwin.OpcUa.Types;
using EdgeTwin.Tests.Support;
using Microsoft.Extensions.Logging.Abstractions;

namespace EdgeTwin.Tests.RealPeers.OpcUa;

/// <summary>Subscriptions of node-opcua's client to our server.</summary>
[Collection(RealTime.Name)]
public sealed class NodeOpcUaSubscriptionTests : IAsyncLifetime
{
    // Nothing changes by itself in Bench: the tests set the values.
    private readonly BenchServer server = new(BenchServer.Options(0, null), 5, TimeSpan.Zero, TimeProvider.System,
        NullLogger.Instance);

    private NodeOpcUaClient client = null!;

    public async Task InitializeAsync()
    {
        await server.StartAsync();
        client = await NodeOpcUaClient.StartAsync();
        await client.SendAsync("connect", new { url = server.Url });
    }

    public async Task DisposeAsync()
    {
        await client.DisposeAsync();
        await server.DisposeAsync();
    }

    [Fact]
    public async Task Every_value_comes_in_order_and_none_is_missing_while_the_queue_holds_them()
    {
        var key = await SubscribeAsync(100);
        await MonitorAsync(key, new { id = "ns=2;s=v0", queue = 500, sampling = 0 });
        await ChangesAsync(key, 1);

        for (var i = 1; i <= 300; i++) Set("v0", i);

        Assert.Equal(Enumerable.Range(1, 300).Select(static i => (double)i), Values(await ChangesAsync(key, 300)));
    }

    [Theory]
    [InlineData(true, new double[] { 8, 9, 10 }, 0)]
    [InlineData(false, new double[] { 1, 2, 10 }, 2)]
    public async Task A_full_queue_drops_by_the_clients_rule_and_says_so(bool discardOldest, double[] kept, int marked)
    {
        var key = await SubscribeAsync(500);
        await MonitorAsync(key, new { id = "ns=2;s=v1", queue = 3, sampling = 0, discardOldest });
        await ChangesAsync(key, 1);

        for (var i = 1; i <= 10; i++) Set("v1", i);

        var changes = await ChangesAsync(key, 3);
        Assert.Equal(kept, Values(changes));
        // InfoType DataValue and Overflow (OPC 10000-4 §7.39).
        Assert.Equal([.. Enumerable.Range(0, 3).Select(i => i == marked ? 0x480 : 0)],
            changes.Select(static c => c.GetProperty("bits").GetInt32()));
    }

    [Fact]
    public async Task A_deadband_lets_through_what_differs_by_more_than_it_and_every_change_of_status()
    {
        var key = await SubscribeAsync(100);
        await MonitorAsync(key, new { id = "ns=2;s=v2", queue = 50, sampling = 0, deadband = 5 });
        await ChangesAsync(key, 1);

        foreach (var value in new double[] { 10, 12, 15, 15.5, 9 }) Set("v2", value);
        Set("v2", 9, 0x8000_0000);

        var changes = await ChangesAsync(key, 4);
        Assert.Equal([10, 15.5, 9, 9], Values(changes));
        Assert.Equal("Bad", changes[3].GetProperty("status").GetString());
    }

    [Fact]
    public async Task A_percent_deadband_counts_in_the_range_of_the_analog_item()
    {
        var key = await SubscribeAsync(100);
        await MonitorAsync(key,
            new { id = "ns=2;s=Analog", queue = 50, sampling = 0, deadband = 10, deadbandType = "Percent" });
        await ChangesAsync(key, 1);

        // EURange is 0-200: ten per cent are 20.
        foreach (var value in new double[] { 100, 119, 121, 150 }) Set("Analog", value);

        var seen = Values(await ChangesAsync(key, 3));
        Assert.Equal([100, 121, 150], seen);
    }

    [Fact]
    public async Task A_node_that_does_not_exist_does_not_disturb_its_neighbours()
    {
        var key = await SubscribeAsync(100);
        var answer = await client.SendAsync("monitor", new
        {
            key,
            nodes = new object[] { new { id = "ns=2;s=missing" }, new { id = "ns=2;s=v3", queue = 5, sampling = 0 } },
        });
        Assert.Equal("BadNodeIdUnknown", answer.GetProperty("statuses")[0].GetString());
        await ChangesAsync(key, 1);

        Set("v3", 7);

        var seen = Values(await ChangesAsync(key, 1));
        Assert.Equal([7], seen);
    }

    [Fact]
    public async Task Without_changes_the_subscription_says_that_it_lives()
    {
        var answer = await client.SendAsync("subscribe", new { interval = 50, keepAlive = 3 });
        var key = answer.GetProperty("key").GetInt32();

        var alive = await client.SendAsync("changes", new { key, count = 1, wait = 2500 });

        Assert.InRange(alive.GetProperty("keepAlives").GetInt32(), 3, 60);
    }

    [Fact]
    public async Task A_notification_that_was_lost_is_published_again_until_it_is_acknowledged()
    {
        var answer = await client.SendAsync("subscribe", new { interval = 100 });
        var id = answer.GetProperty("subscription").GetUInt32();
        await MonitorAsync(answer.GetProperty("key").GetInt32(), new { id = "ns=2;s=v4", queue = 5, sampling = 0 });
        await ChangesAsync(answer.GetProperty("key").GetInt32(), 1);

        var again = await client.TryAsync("raw", new
        {
            request = "RepublishRequest",
            body = new { subscriptionId = id, retransmitSequenceNumber = 999 },
        });

        Assert.Contains("BadMessageNotAvailable", again.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Events_come_with_the_fields_that_were_asked_for()
    {
        var key = await SubscribeAsync(100);
        await MonitorAsync(key, new
        {
            id = "ns=2;s=Ticker",
            events = new[] { "Message", "Severity", "SourceName" },
            queue = 10
        });

        var events = await client.SendAsync("changes", new { key, events = true, count = 1 });

        Assert.Contains("Ticker", events.GetProperty("changes")[0].ToString(), StringComparison.Ordinal);
    }

    private void Set(string name, double value, uint status = 0)
    {
        var now = TimeProvider.System.GetUtcNow().UtcDateTime;
        var node = server.Server.AddressSpace.Find(new NodeId(2, name)) as VariableNode;
        node!.Set(new DataValue(value, status, now, now));
    }

    private async Task<int> SubscribeAsync(int interval) =>
        (await client.SendAsync("subscribe", new { interval })).GetProperty("key").GetInt32();

    private async Task MonitorAsync(int key, object node)
    {
        var answer = await client.SendAsync("monitor", new { key, nodes = new[] { node } });
        Assert.Equal("Good", answer.GetProperty("statuses")[0].GetString());
    }

    private async Task<JsonElement[]> ChangesAsync(int key, int count) =>
        [.. (await client.SendAsync("changes", new { key, count })).GetProperty("changes").EnumerateArray()];

    private static double[] Values(JsonElement[] changes) =>
        [.. changes.Select(static c => c.GetProperty("value").GetDouble())];
}
