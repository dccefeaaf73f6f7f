using EdgeTwin.OpcUa.Encoding;
using EdgeTwin.OpcUa.Schema;
using EdgeTwin.OpcUa.Server.Nodes;
using EdgeTwin.OpcUa.Types;
using EdgeTwin.Tests.Support;

namespace EdgeTwin.Tests.OpcUa.Nodes;

public class VariableNodeTests
{
    [Fact]
    public void Every_value_reaches_every_watcher_until_it_stops_watching()
    {
        var node = new VariableNode(new NodeId(1, 1u), "v");
        var (first, second) = (new Watcher(), new Watcher());
        node.Watch(first);
        node.Watch(second);

        node.Set(new DataValue((Variant)1));
        node.Unwatch(first);
        node.Set(new DataValue((Variant)2));

        Assert.Equal([1], first.Values);
        Assert.Equal([1, 2], second.Values);
    }

    [Fact]
    public void Setting_a_watched_value_allocates_nothing()
    {
        var node = new VariableNode(new NodeId(1, 1u), "v");
        node.Watch(new Silent());
        node.Set(new DataValue(1.0));
        Assert.Equal(0, Allocation.Of(() =>
        {
            for (var i = 0; i < 100_000; i++)
            {
                node.Set(new DataValue((double)i));
            }
        }));
    }

    [Fact]
    public async Task A_reader_never_sees_half_a_value()
    {
        var node = new VariableNode(new NodeId(1, 1u), "v");
        node.Set(Pair(0));
        await Meanwhile.IsAlwaysRightAsync(
            () =>
            {
                var value = node.Get();
                return value.Value.Get<long>() == value.SourceTimestamp.Ticks;
            },
            i => node.Set(Pair(i)),
            200_000);

        static DataValue Pair(long i) => new(i, default, new DateTime(i, DateTimeKind.Utc));
    }

    [Fact]
    public void Watchers_of_a_removed_node_are_told_that_it_is_unknown()
    {
        using var f = new SpaceFixture();
        var node = f.Variable("v", NodeIds.Int32, 1);
        var watcher = new Watcher();
        node.Watch(watcher);

        f.Space.Remove(node.Id);

        Assert.Equal(StatusCodes.BadNodeIdUnknown, watcher.Last.Status.Value);
        Assert.False(node.IsWatched);
    }

    [Fact]
    public void A_computed_value_is_made_when_read_and_sampled_while_watched()
    {
        using var f = new SpaceFixture();
        var node = f.Variable("v", NodeIds.Int32, 0);
        var now = 1;
        node.Computed = () => new DataValue(now);
        Assert.Equal(1, node.Get().Value.Get<int>());
        var watcher = new Watcher();
        node.Watch(watcher, TimeSpan.FromMilliseconds(250));

        f.Time.Advance(TimeSpan.FromMilliseconds(250));
        f.Time.Advance(TimeSpan.FromMilliseconds(250));
        now = 2;
        f.Time.Advance(TimeSpan.FromMilliseconds(250));

        // The first sample, and one for the change; nothing for the sample between that found the same.
        Assert.Equal([1, 2], watcher.Values);
        node.Unwatch(watcher);
        Assert.Equal(0, f.Time.PendingTimers);
    }

    [Fact]
    public void A_computed_value_that_cannot_be_made_is_a_bad_value()
    {
        var node = new VariableNode(new NodeId(1, 1u), "v")
        {
            Computed = static () => throw new OpcUaException(StatusCodes.BadOutOfService, "not now"),
        };

        Assert.Equal(StatusCodes.BadOutOfService, node.Get().Status.Value);
    }

    private sealed class Watcher : IValueWatcher
    {
        public List<int> Values { get; } = [];

        public DataValue Last { get; private set; }

        public int Place { get; set; }

        public void OnValue(in DataValue value)
        {
            Last = value;
            Values.Add(value.Value.Get<int>());
        }
    }

    private sealed class Silent : IValueWatcher
    {
        public int Place { get; set; }

        public void OnValue(in DataValue value)
        {
        }
    }
}
