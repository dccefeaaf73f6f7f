using EdgeTwin.OpcUa.Schema;
using EdgeTwin.OpcUa.Server.Nodes;

namespace EdgeTwin.Tests.OpcUa.Subscriptions;

/// <summary>Items with a queue of one that are sampled as often as they are published: the usual wish.</summary>
public sealed class SampleEachCycleTests
{
    private readonly SubscriptionRig _rig = new();
    private readonly TestSession _session;
    private readonly VariableNode _node;
    private readonly uint _id;

    public SampleEachCycleTests()
    {
        _session = _rig.Session();
        _node = _rig.Variable("a");
        _id = _session.Subscribe().SubscriptionId;
    }

    [Fact]
    public void A_source_as_fast_as_the_cycle_loses_nothing_where_it_meets_the_end_of_the_cycle()
    {
        // Values due at the very moment at which the cycles end, some a little early and some a little late.
        _session.Watch(_id, _node.Id, sampling: 100);
        for (var i = 0; i < 60; i++) _session.Publish();
        var early = new Random(7);
        var at = 0.0;
        for (var i = 1; i <= 50; i++)
        {
            var next = (100.0 * i) + early.Next(-9, 10);
            _rig.Pass(next - at);
            at = next;
            _rig.Set(_node, (double)i);
        }

        _rig.Pass(200);

        Assert.Equal(Enumerable.Range(0, 51).Select(static i => (double)i), ReadAll());
    }

    [Fact]
    public void Cycles_move_away_from_the_moment_at_which_the_values_come()
    {
        _session.Watch(_id, _node.Id, sampling: 100);
        for (var i = 0; i < 60; i++) _session.Publish();
        _rig.Pass(98);
        for (var i = 1; i <= 20; i++)
        {
            _rig.Set(_node, (double)i);
            // A little before the end of the cycle, and then a little after it.
            _rig.Pass(i % 2 == 0 ? 96 : 104);
        }

        ReadAll();
        _rig.Set(_node, 21.0);
        _rig.Pass(40);

        Assert.Equal([21], ReadAll());
    }

    [Fact]
    public void A_faster_source_is_reported_with_its_newest_value()
    {
        _session.Watch(_id, _node.Id, sampling: 100);
        for (var i = 0; i < 10; i++) _session.Publish();
        for (var i = 1; i <= 12; i++)
        {
            _rig.Pass(25);
            _rig.Set(_node, (double)i);
        }

        _rig.Pass(100);

        Assert.Equal([3, 7, 11, 12], ReadAll());
    }

    [Fact]
    public void Who_asks_late_gets_the_newest()
    {
        _session.Watch(_id, _node.Id, sampling: 100);
        for (var i = 1; i <= 7; i++)
        {
            _rig.Pass(100);
            _rig.Set(_node, (double)i);
        }

        _session.Publish();
        _session.Publish();
        _rig.Pass(100);

        Assert.Equal(7.0, ReadAll()[^1]);
    }

    // The values of all responses that have data.
    private List<double> ReadAll()
    {
        var values = new List<double>();
        while (_session.Connection.TryTake() is { } response)
        {
            var message = ((PublishResponse)response).NotificationMessage;
            if (message.NotificationData.Length == 0) continue;
            values.AddRange(TestSession.ChangesOf(message).Select(static change => change.Value.Value.Get<double>()));
        }

        return values;
    }
}
