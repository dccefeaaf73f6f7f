using EdgeTwin.OpcUa.Encoding;
using EdgeTwin.OpcUa.Schema;
using EdgeTwin.OpcUa.Server.Subscriptions;

namespace EdgeTwin.Tests.OpcUa.Subscriptions;

/// <summary>What one client may take of the server.</summary>
public sealed class SubscriptionLimitTests
{
    [Fact]
    public void Subscriptions_are_limited_per_session_and_server()
    {
        var rig = new SubscriptionRig(new SubscriptionLimits { MaxSubscriptionsPerSession = 2, MaxSubscriptions = 3 });
        var session = rig.Session();
        session.Subscribe();
        session.Subscribe();

        Assert.Equal(StatusCodes.BadTooManySubscriptions,
            Assert.Throws<OpcUaException>(() => session.Subscribe()).Status);
        rig.Session().Subscribe();
        Assert.Equal(StatusCodes.BadTooManySubscriptions,
            Assert.Throws<OpcUaException>(() => rig.Session().Subscribe()).Status);
        Assert.Equal(3, rig.Manager.Count);
    }

    [Fact]
    public void Items_and_queue_places_are_limited()
    {
        var rig = new SubscriptionRig(
            new SubscriptionLimits { MaxItemsPerSubscription = 3, MaxQueuePlaces = 15, MaxQueueSize = 10 });
        var session = rig.Session();
        var node = rig.Variable("a");
        var id = session.Subscribe().SubscriptionId;

        Assert.Equal(10u, session.Watch(id, node.Id, queue: uint.MaxValue).RevisedQueueSize);
        Assert.Equal(1u, session.Watch(id, node.Id, queue: 10).RevisedQueueSize);
        Assert.Equal(5u, session.Watch(id, node.Id, queue: 5).RevisedQueueSize);
        Assert.Equal(StatusCodes.BadTooManyMonitoredItems, session.Watch(id, node.Id).StatusCode);
    }
}
