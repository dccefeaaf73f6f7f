using EdgeTwin.OpcUa.Client;
using EdgeTwin.OpcUa.Client.Subscriptions;
using EdgeTwin.OpcUa.Schema;
using EdgeTwin.OpcUa.Types;

namespace EdgeTwin.Tests.OpcUa.Client;

/// <summary>What a server and a network can do to a client, and what the client then does.</summary>
public sealed class ClientRecoveryTests
{
    [Fact]
    public async Task A_session_that_outlives_its_connection_is_resumed_and_nothing_is_missing()
    {
        await using var world = await ClientWorld.StartAsync();
        world.Server.Emit("a", 1);
        await world.PassUntilValueAsync(1);
        world.Server.Disconnect();
        world.Server.Emit("a", 2, lose: true); // published to the dead connection
        world.Server.Emit("a", 3);
        await world.PassUntilValueAsync(3);
        Assert.Equal([1, 2, 3], world.Values);
        Assert.Equal(RecoveryKind.Resumed, world.Find<RecoveryNotice>()!.Kind);
        Assert.Null(world.Find<GapNotice>());
        Assert.Equal(1, world.Server.Requests.Count(static r => r == "CreateSession"));
    }

    [Fact]
    public async Task Where_the_session_is_gone_the_subscription_is_transferred_and_nothing_is_missing()
    {
        await using var world = await ClientWorld.StartAsync();
        world.Server.Emit("a", 1);
        await world.PassUntilValueAsync(1);
        world.Server.ForgetSessions();
        world.Server.Disconnect();
        world.Server.Emit("a", 2, lose: true);
        world.Server.Emit("a", 3);
        await world.PassUntilValueAsync(3);
        Assert.Equal([1, 2, 3], world.Values);
        Assert.Equal(RecoveryKind.Transferred, world.Find<RecoveryNotice>()!.Kind);
        Assert.Null(world.Find<GapNotice>());
    }

    [Fact]
    public async Task A_session_that_an_administrator_ended_on_a_good_connection_is_made_anew()
    {
        await using var world = await ClientWorld.StartAsync();
        world.Server.ForgetSessions();
        await world.PassUntilAsync(() => world.Find<RecoveryNotice>() is not null);
        world.Server.Emit("a", 1);
        await world.PassUntilValueAsync(1);
        Assert.Equal(ClientState.Connected, world.Client.State);
    }

    [Fact]
    public async Task A_server_that_starts_anew_with_other_namespace_indices_is_followed_by_uri()
    {
        await using var world = await ClientWorld.StartAsync();
        world.Server.Emit("a", 1);
        await world.PassUntilValueAsync(1);
        world.Server.IsReachable = false;
        world.Server.ForgetSessions();
        world.Server.Subscriptions.Clear();
        world.Server.Disconnect();
        world.Server.Namespaces = ["http://opcfoundation.org/UA/", "urn:server", "urn:new", ScriptedServer.PlantUri];
        await world.PassUntilAsync(() => world.Client.LastFailure?.Status == StatusCodes.BadConnectionRejected);
        world.Server.IsReachable = true;
        var back = world.Clock.Elapsed;
        await world.PassUntilAsync(() => world.Find<GapNotice>() is not null);

        Assert.True(world.Clock.Elapsed - back < TimeSpan.FromSeconds(15));
        Assert.Equal(RecoveryKind.Recreated, world.Find<RecoveryNotice>()!.Kind);
        Assert.Equal(new NodeId(3, "a"), world.Server.Only.Items.Single().Key);
        world.Server.Emit("a", 2);
        await world.PassUntilValueAsync(2);
    }

    [Fact]
    public async Task A_connection_that_swallows_everything_is_noticed_and_left()
    {
        await using var world = await ClientWorld.StartAsync();
        world.Server.Swallow();
        var begin = world.Clock.Elapsed;
        world.Server.Emit("a", 1);
        await world.PassUntilValueAsync(1);
        Assert.True(world.Clock.Elapsed - begin < TimeSpan.FromSeconds(15), $"{world.Clock.Elapsed - begin}");
    }

    [Fact]
    public async Task A_subscription_that_falls_silent_is_resumed_and_silent_again_made_anew()
    {
        await using var world = await ClientWorld.StartAsync();
        var first = world.Server.Only.Id;
        world.Server.IsSilent = true;
        await world.PassUntilAsync(() => world.Find<RecoveryNotice>() is not null);
        Assert.Equal(RecoveryKind.Resumed, world.Find<RecoveryNotice>()!.Kind);
        await world.PassUntilAsync(() => world.Read().OfType<RecoveryNotice>().Any(
            static n => n.Kind == RecoveryKind.Recreated));
        Assert.NotEqual(first, world.Server.Only.Id);
        world.Server.IsSilent = false;
        world.Server.Emit("a", 1);
        await world.PassUntilValueAsync(1);
    }

    [Fact]
    public async Task Subscriptions_that_the_server_lost_are_made_anew_on_the_same_session()
    {
        await using var world = await ClientWorld.StartAsync();
        world.Server.ForgetSubscriptions();
        await world.PassUntilAsync(() => world.Find<GapNotice>() is not null);
        Assert.Equal(RecoveryKind.Recreated, world.Find<RecoveryNotice>()!.Kind);
        world.Server.Emit("a", 1);
        await world.PassUntilValueAsync(1);
        Assert.Equal(1, world.Server.Requests.Count(static r => r == "CreateSession"));
    }

    [Fact]
    public async Task A_server_that_takes_few_publish_requests_gets_few_and_is_not_starved()
    {
        await using var world = await ClientWorld.StartAsync();
        world.Server.MostPublishRequests = 1;
        for (var i = 1; i <= 20; i++)
        {
            world.Server.Emit("a", i);
            await world.PassUntilValueAsync(i);
        }

        Assert.Equal(Enumerable.Range(1, 20), world.Values);
        Assert.Null(world.Find<RecoveryNotice>());
    }

    [Fact]
    public async Task Items_that_may_be_there_without_an_answer_are_never_made_twice()
    {
        await using var world = await ClientWorld.StartAsync();
        var first = world.Server.Only.Id;
        world.Server.LoseAnswerOf<CreateMonitoredItemsRequest>();
        var adding = world.Subscription.AddAsync([ClientWorld.Item("b")]);
        await world.Clock.UntilAsync(() => world.Server.Only.Items.Count == 2);
        world.Server.Disconnect();
        await Assert.ThrowsAsync<EdgeTwin.OpcUa.Encoding.OpcUaException>(() => adding);
        await world.PassUntilAsync(() => world.Find<RecoveryNotice>() is not null);
        Assert.NotEqual(first, world.Server.Only.Id);
        Assert.Equal(2, world.Server.Only.Items.Count);
    }

    [Fact]
    public async Task Attempts_come_at_once_and_then_ever_more_slowly()
    {
        await using var world = await ClientWorld.StartAsync();
        world.Server.IsReachable = false;
        world.Server.Disconnect();
        await world.PassUntilAsync(() => world.Clock.Elapsed > TimeSpan.FromMinutes(1));
        Assert.Equal(ClientState.Reconnecting, world.Client.State);
        world.Server.IsReachable = true;
        var back = world.Clock.Elapsed;
        await world.PassUntilAsync(() => world.Client.State == ClientState.Connected);
        Assert.InRange(world.Clock.Elapsed - back, TimeSpan.Zero, TimeSpan.FromSeconds(5));
    }

    [Fact]
    public async Task While_there_is_no_session_requests_fail_at_once_and_items_are_kept_for_later()
    {
        await using var world = await ClientWorld.StartAsync();
        world.Server.IsReachable = false;
        world.Server.Disconnect();
        await world.PassUntilAsync(() => world.Client.State == ClientState.Reconnecting);
        var refused = await Assert.ThrowsAsync<EdgeTwin.OpcUa.Encoding.OpcUaException>(
            async () => await world.Client.ReadAsync([new NodeId(2, "a")]));
        Assert.Equal(StatusCodes.BadNotConnected, refused.Status.Value);
        var later = await world.Subscription.AddAsync([ClientWorld.Item("later")]);
        world.Server.IsReachable = true;
        await world.PassUntilAsync(() => later[0].Status.IsGood);
    }
}
