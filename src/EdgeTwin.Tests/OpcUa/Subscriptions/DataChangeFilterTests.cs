using EdgeTwin.OpcUa.Encoding;
using EdgeTwin.OpcUa.Schema;
using EdgeTwin.OpcUa.Server.Nodes;
using EdgeTwin.OpcUa.Server.Subscriptions;
using EdgeTwin.OpcUa.Types;
using Range = EdgeTwin.OpcUa.Schema.Range;

namespace EdgeTwin.Tests.OpcUa.Subscriptions;

/// <summary>When a value is a change (OPC 10000-4 §7.22.2, OPC 10000-8 §6.2).</summary>
public sealed class DataChangeFilterTests
{
    private readonly SubscriptionRig rig = new();
    private readonly TestSession session;
    private readonly VariableNode node;
    private readonly uint id;

    public DataChangeFilterTests()
    {
        session = rig.Session();
        node = rig.Variable("a");
        id = session.Subscribe().SubscriptionId;
    }

    [Fact]
    public void With_trigger_status_only_the_status_counts()
    {
        session.Watch(id, node.Id, queue: 10, filter: Filter(DataChangeTrigger.Status));
        SetAll(1, 2);
        rig.Set(node, 3.0, StatusCodes.UncertainLastUsableValue);
        rig.Set(node, 4.0, StatusCodes.UncertainLastUsableValue);

        Assert.Equal([0.0, 3.0], Cycle().Select(static c => c.Value.Value.Get<double>()));
    }

    [Fact]
    public void With_trigger_timestamp_a_newer_time_is_a_change()
    {
        session.Watch(id, node.Id, queue: 10, filter: Filter(DataChangeTrigger.StatusValueTimestamp));
        rig.Pass(1);
        SetAll(0, 0);

        Assert.Equal(2, Cycle().Length);
    }

    [Fact]
    public void A_deadband_is_strict_and_against_the_last_reported_value()
    {
        session.Watch(id, node.Id, queue: 20, filter: Deadband(DeadbandType.Absolute, 1));
        // Creeping away by steps within the band is noticed as soon as it leaves it.
        SetAll(0.5, 1, 1.25, 1.75, 2.25, 2.5, 1.5, 0.25);

        Assert.Equal([0.0, 1.25, 2.5, 0.25], Cycle().Select(static c => c.Value.Value.Get<double>()));
    }

    [Fact]
    public void A_status_change_passes_the_deadband_and_NaN_is_a_change_once()
    {
        session.Watch(id, node.Id, queue: 20, filter: Deadband(DeadbandType.Absolute, 100));
        rig.Set(node, 0.0, StatusCodes.BadCommunicationError);
        rig.Set(node, double.NaN);
        rig.Set(node, double.NaN);
        rig.Set(node, 1.0);

        Assert.Equal([0, 0, double.NaN, 1.0], Cycle().Select(static c => c.Value.Value.Get<double>()));
    }

    [Fact]
    public void Any_element_decides_for_an_array()
    {
        rig.Set(node, Variant.Of(new[] { 1.0, 2.0, 3.0 }));
        session.Watch(id, node.Id, queue: 20, filter: Deadband(DeadbandType.Absolute, 1));
        rig.Set(node, Variant.Of(new[] { 1.5, 2.0, 3.9 }));
        rig.Set(node, Variant.Of(new[] { 1.5, 3.5, 3.0 }));
        rig.Set(node, Variant.Of(new[] { 1.5, 3.5 }));

        Assert.Equal([3, 3, 2], Cycle().Select(static c => c.Value.Value.Elements!.Length));
    }

    [Fact]
    public void Percent_is_of_the_engineering_range()
    {
        AddRange(node, -100, 100);
        session.Watch(id, node.Id, queue: 20, filter: Deadband(DeadbandType.Percent, 10));
        SetAll(20, 20.5, 40);

        Assert.Equal([0.0, 20.5], Cycle().Select(static c => c.Value.Value.Get<double>()));
    }

    [Fact]
    public void Filters_that_cannot_be_are_refused_each_with_its_code()
    {
        AddRange(node, 0, 10);
        var text = rig.Variable("text", NodeIds.String);
        var plain = rig.Variable("plain");

        Assert.Equal(StatusCodes.BadDeadbandFilterInvalid, Refused(node, DeadbandType.Percent, 100.5));
        Assert.Equal(StatusCodes.BadDeadbandFilterInvalid, Refused(node, DeadbandType.Absolute, -1));
        Assert.Equal(StatusCodes.BadDeadbandFilterInvalid, Refused(node, DeadbandType.Absolute, double.NaN));
        Assert.Equal(StatusCodes.BadDeadbandFilterInvalid, Refused(node, (DeadbandType)7, 1));
        Assert.Equal(StatusCodes.BadFilterNotAllowed, Refused(text, DeadbandType.Absolute, 1));
        Assert.Equal(StatusCodes.BadMonitoredItemFilterUnsupported, Refused(plain, DeadbandType.Percent, 1));
        Assert.Equal(StatusCodes.BadMonitoredItemFilterInvalid, Refused(node, Filter((DataChangeTrigger)9)));
        Assert.Equal(StatusCodes.BadMonitoredItemFilterUnsupported, Refused(node, new AggregateFilter()));
        Assert.Equal(StatusCodes.BadFilterNotAllowed, Refused(node, new EventFilter()));
        Assert.Equal(StatusCodes.BadMonitoredItemFilterInvalid, Refused(node, new Argument()));
        Assert.Equal(0, rig.Manager.ItemCount);
    }

    private static DataChangeFilter Filter(DataChangeTrigger trigger) => new() { Trigger = trigger };

    private static DataChangeFilter Deadband(DeadbandType type, double value) =>
        new() { Trigger = DataChangeTrigger.StatusValue, DeadbandType = (uint)type, DeadbandValue = value };

    private void AddRange(VariableNode node, double low, double high)
    {
        var range = new VariableNode(new NodeId(1, node.Id.Text + ".EURange"), new QualifiedName(0, "EURange"));
        rig.Space.Add(range, node.Id, NodeIds.HasProperty);
        range.Set(new DataValue(Variant.Of(new Range { Low = low, High = high })));
    }

    private StatusCode Refused(VariableNode node, DeadbandType type, double value) =>
        Refused(node, Deadband(type, value));

    private StatusCode Refused(VariableNode node, IStructure filter) =>
        session.Watch(id, node.Id, filter: filter).StatusCode;

    private void SetAll(params double[] values)
    {
        foreach (var value in values)
        {
            rig.Set(node, value);
        }
    }

    /// <summary>Publishes, lets a cycle pass and takes the changes.</summary>
    private MonitoredItemNotification[] Cycle()
    {
        session.Publish();
        rig.Pass(100);
        return session.Changes();
    }
}
