using EdgeTwin.OpcUa.Schema;
using EdgeTwin.OpcUa.Server.Nodes;

namespace EdgeTwin.Tests.OpcUa.Subscriptions;

/// <summary>Items with a queue of one that are sampled as often as they are published: the usual wish.</summary>
public sealed class SampleEachCycleTests
{
    private readonly SubscriptionRig rig = new();
    private readonly TestSession session;
    private readonly VariableNode node;
    private readonly uint id;

    public SampleEachCycleTests()
    {
        session = rig.Session();
        node = rig.Variable("a");
        id = session.Subscribe().SubscriptionId;
    }

    [Fact]
    public void A_source_as_fast_as_the_cycle_loses_nothing_where_it_meets_the_end_of_the_cycle()
    {
        // Values due at the very moment at which the cycles end, some a little early and some a little late.
        session.Watch(id, node.Id, sampling: 100);
        for (var i = 0; i < 60; i++) session.Publish();
        var early = new Random(7);
        var at = 0.0;
        for (var i = 1; i <= 50; i++)
        {
            var next = (100.0 * i) + early.Next(-9, 10);
            rig.Pass(next - at);
            at = next;
            rig.Set(node, (double)i);
        }

        rig.Pass(200);

        Assert.Equal(Enumerable.Range(0, 51).Select(static i => (double)i), ReadAll());
    }

    [Fact]
    public void Cycles_move_away_from_the_moment_at_which_the_values_come()
    {
        session.Watch(id, node.Id, sampling: 100);
        for (var i = 0; i < 60; i++) session.Publish();
        rig.Pass(98);
        for (var i = 1; i <= 20; i++)
        {
            rig.Set(node, (double)i);
            // A little before the end of the cycle, and then a little after it.
            rig.Pass(i % 2 == 0 ? 96 : 104);
        }

        ReadAll();
        rig.Set(node, 21.0);
        rig.Pass(40);

        Assert.Equal([21], ReadAll());
    }

    [Fact]
    public void A_faster_source_is_reported_with_its_newest_value()
    {
        session.Watch(id, node.Id, sampling: 100);
        for (var i = 0; i < 10; i++) session.Publish();
        for (var i = 1; i <= 12; i++)
        {
            rig.Pass(25);
            rig.Set(node, (double)i);
        }

        rig.Pass(100);

        Assert.Equal([3, 7, 11, 12], ReadAll());
    }

    [Fact]
    public void Who_asks_late_gets_the_newest()
    {
        session.Watch(id, node.Id, sampling: 100);
        for (var i = 1; i <= 7; i++)
        {
            rig.Pass(100);
            rig.Set(node, (double)i);
        }

        session.Publish();
        session.Publish();
        rig.Pass(100);

        Assert.Equal(7.0, ReadAll()[^1]);
    }

    // The values of all responses that have data.
    private List<double> ReadAll()
    {
        var values = new List<double>();
        while (session.Connection.TryTake() is { } response)
        {
            var message = ((PublishResponse)response).NotificationMessage;
            if (message.NotificationData.Length == 0) continue;
            values.AddRange(TestSession.ChangesOf(message).Select(static change => change.Value.Value.Get<double>()));
        }

        return values;
    }
}
