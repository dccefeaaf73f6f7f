using EdgeTwin.OpcUa.Client.Subscriptions;
using EdgeTwin.OpcUa.Schema;
using EdgeTwin.Tests.Support;

namespace EdgeTwin.Tests.OpcUa.Client;

/// <summary>How notifications reach their reader: in order, each once, with what is missing fetched or told.</summary>
[Collection(RealTime.Name)]
public sealed class SubscriptionDeliveryTests
{
    [Fact]
    public async Task Every_message_is_given_out_once_and_acknowledged()
    {
        await using var world = await ClientWorld.StartAsync();
        for (var i = 1; i <= 50; i++) world.Server.Emit("a", i);
        await world.PassUntilValueAsync(50);
        Assert.Equal(Enumerable.Range(1, 50), world.Values);
        world.Server.Emit("a", 51);
        await world.PassUntilAsync(() => world.Server.Acknowledged.Count >= 50);
        Assert.Equal(
            Enumerable.Range(1, 50).Select(static i => (uint)i),
            world.Server.Acknowledged.Take(50).Select(static a => a.Sequence).Order());
    }

    [Fact]
    public async Task A_message_that_was_lost_on_the_way_is_fetched_again_and_keeps_its_place()
    {
        await using var world = await ClientWorld.StartAsync();
        world.Server.Emit("a", 1);
        world.Server.Emit("a", 2, lose: true);
        world.Server.Emit("a", 3);
        await world.PassUntilValueAsync(3);
        Assert.Equal([1, 2, 3], world.Values);
        Assert.Null(world.Find<GapNotice>());
    }

    [Fact]
    public async Task A_keep_alive_tells_of_a_lost_message_too()
    {
        await using var world = await ClientWorld.StartAsync();
        world.Server.Emit("a", 1, lose: true);
        world.Server.KeepAlive();
        await world.PassUntilValueAsync(1);
        Assert.Null(world.Find<RecoveryNotice>());
    }

    [Fact]
    public async Task What_the_server_has_no_more_is_a_gap_between_its_neighbours()
    {
        await using var world = await ClientWorld.StartAsync();
        world.Server.Emit("a", 1);
        await world.PassUntilValueAsync(1);
        world.Server.Emit("a", 2, lose: true);
        world.Server.Only.Sent.Remove(2);
        world.Server.Emit("a", 3);
        await world.PassUntilValueAsync(3);
        Assert.Equal([1, 3], world.Values);
        var kinds = world.Read().Select(static n => n.GetType()).ToArray();
        Assert.Equal([typeof(DataChangeNotice), typeof(GapNotice), typeof(DataChangeNotice)], kinds);
    }

    [Fact]
    public async Task A_refused_node_has_its_reason_as_status_and_is_tried_again()
    {
        await using var world = await ClientWorld.StartAsync();
        world.Server.Unknown.Add("b");
        var items = await world.Subscription.AddAsync([ClientWorld.Item("b"), ClientWorld.Item("c")]);
        Assert.Equal(StatusCodes.BadNodeIdUnknown, items[0].Status.Value);
        Assert.True(items[1].Status.IsGood);
        world.Server.Unknown.Clear();
        await world.PassUntilAsync(() => items[0].Status.IsGood);
        world.Server.Emit("b", 5);
        await world.PassUntilValueAsync(5);
        Assert.Null(world.Find<RecoveryNotice>());
    }

    [Fact]
    public async Task A_reader_that_waits_makes_the_server_wait_and_loses_nothing()
    {
        await using var world = await ClientWorld.StartAsync(
            new SubscriptionOptions { Capacity = 2, WhenFull = NoticeFullMode.Wait });
        for (var i = 1; i <= 60; i++) world.Server.Emit("a", i);

        // Far longer than any watchdog: a slow reader is no dead server.
        var long1 = world.Clock.Elapsed + TimeSpan.FromMinutes(1);
        await world.PassUntilAsync(() => world.Clock.Elapsed > long1);
        Assert.True(world.Server.Only.Waiting.Count > 10);
        await world.PassUntilValueAsync(60);
        Assert.Equal(Enumerable.Range(1, 60), world.Values);
        Assert.Null(world.Find<RecoveryNotice>());
        Assert.Equal(0, world.Subscription.DroppedNotices);
    }

    [Fact]
    public async Task A_reader_that_wants_the_newest_gets_it_and_the_rest_is_counted()
    {
        await using var world = await ClientWorld.StartAsync(
            new SubscriptionOptions { Capacity = 2, WhenFull = NoticeFullMode.DropOldest });
        for (var i = 1; i <= 30; i++) world.Server.Emit("a", i);
        await world.Clock.UntilAsync(() => world.Subscription.DroppedNotices == 28);
        Assert.Equal([29, 30], world.Values);
    }
}
