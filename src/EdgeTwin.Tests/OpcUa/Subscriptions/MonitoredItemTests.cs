using EdgeTwin.OpcUa.Encoding;
using EdgeTwin.OpcUa.Schema;
using EdgeTwin.OpcUa.Server.Nodes;
using EdgeTwin.OpcUa.Server.Subscriptions;
using EdgeTwin.OpcUa.Types;

namespace EdgeTwin.Tests.OpcUa.Subscriptions;

/// <summary>What items queue and report (OPC 10000-4 §5.13.1, §7.22.2).</summary>
public sealed class MonitoredItemTests
{
    private readonly SubscriptionRig rig = new();
    private readonly TestSession session;
    private readonly VariableNode node;
    private readonly uint id;

    public MonitoredItemTests()
    {
        session = rig.Session();
        node = rig.Variable("a");
        id = session.Subscribe().SubscriptionId;
    }

    [Fact]
    public void A_queue_of_one_reports_the_newest_without_an_overflow_bit()
    {
        Assert.Equal(1u, session.Watch(id, node.Id, queue: 0).RevisedQueueSize);
        SetAll(1, 2, 3);

        var change = Assert.Single(Cycle());
        Assert.Equal(3.0, change.Value.Value.Get<double>());
        Assert.Equal(0u, change.Value.Status.Value);
    }

    [Fact]
    public void A_full_queue_loses_its_oldest_and_marks_the_new_head()
    {
        session.Watch(id, node.Id, queue: 3);
        SetAll(1, 2, 3, 4);

        var changes = Cycle();

        Assert.Equal([2.0, 3.0, 4.0], changes.Select(static c => c.Value.Value.Get<double>()));
        Assert.Equal([0x480u, 0u, 0u], changes.Select(static c => c.Value.Status.Value));
    }

    [Fact]
    public void Or_it_replaces_its_newest_and_marks_that()
    {
        session.Watch(id, node.Id, queue: 3, discardOldest: false);
        SetAll(1, 2, 3, 4);

        var changes = Cycle();

        Assert.Equal([0.0, 1.0, 4.0], changes.Select(static c => c.Value.Value.Get<double>()));
        Assert.Equal([0u, 0u, 0x480u], changes.Select(static c => c.Value.Status.Value));
    }

    [Fact]
    public void The_same_value_again_is_no_change()
    {
        session.Watch(id, node.Id, queue: 10);
        SetAll(1, 1, 1, 0);

        Assert.Equal([0.0, 1.0, 0.0], Cycle().Select(static c => c.Value.Value.Get<double>()));
    }

    [Fact]
    public void Targets_that_cannot_be_are_refused_each_with_its_code()
    {
        Assert.Equal(StatusCodes.BadNodeIdUnknown, session.Watch(id, new NodeId(1, "nobody")).StatusCode);
        Assert.Equal(StatusCodes.BadAttributeIdInvalid, session.Watch(id, node.Id, attribute: 99).StatusCode);
        Assert.Equal(StatusCodes.BadAttributeIdInvalid, session.Watch(id, NodeIds.ObjectsFolder).StatusCode);
        Assert.Equal(StatusCodes.BadIndexRangeInvalid, session.Watch(id, node.Id, range: "3:2").StatusCode);
        Assert.Equal(StatusCodes.BadMonitoringModeInvalid,
            session.Watch(id, node.Id, mode: (MonitoringMode)3).StatusCode);
        Assert.Equal(StatusCodes.BadTimestampsToReturnInvalid, Assert.Throws<OpcUaException>(
            () => session.Watch(id, node.Id, timestamps: TimestampsToReturn.Invalid)).Status);
        Assert.Equal(StatusCodes.BadSubscriptionIdInvalid,
            Assert.Throws<OpcUaException>(() => session.Watch(id + 1, node.Id)).Status);
    }

    [Fact]
    public void What_may_not_be_read_is_watched_and_reports_why()
    {
        node.AccessLevel = AccessLevelExType.CurrentWrite;
        Assert.Equal(StatusCodes.Good, session.Watch(id, node.Id).StatusCode);
        SetAll(1, 2);

        var change = Assert.Single(Cycle());
        Assert.Equal(StatusCodes.BadNotReadable, change.Value.Status);
        Assert.True(change.Value.Value.IsNull);
    }

    [Fact]
    public void A_part_of_an_array_is_reported_when_that_part_changes()
    {
        rig.Set(node, Variant.Of(new[] { 1.0, 2.0, 3.0 }));
        session.Watch(id, node.Id, queue: 10, range: "1:2");
        rig.Set(node, Variant.Of(new[] { 9.0, 2.0, 3.0 }));
        rig.Set(node, Variant.Of(new[] { 9.0, 2.0, 4.0 }));
        rig.Set(node, Variant.Of(new[] { 9.0 }));

        var changes = Cycle();

        Assert.Equal([2.0, 3.0], changes[0].Value.Value.Get<double[]>()!);
        Assert.Equal([2.0, 4.0], changes[1].Value.Value.Get<double[]>()!);
        Assert.Equal(StatusCodes.BadIndexRangeNoData, changes[2].Value.Status);
    }

    [Theory]
    [InlineData(TimestampsToReturn.Source, true, false)]
    [InlineData(TimestampsToReturn.Server, false, true)]
    [InlineData(TimestampsToReturn.Both, true, true)]
    [InlineData(TimestampsToReturn.Neither, false, false)]
    public void Exactly_the_timestamps_asked_for_are_returned(TimestampsToReturn timestamps, bool source, bool server)
    {
        session.Watch(id, node.Id, timestamps: timestamps);

        var value = Assert.Single(Cycle()).Value;

        Assert.Equal((source, server), (value.SourceTimestamp != default, value.ServerTimestamp != default));
    }

    [Fact]
    public void Another_attribute_is_reported_when_it_changes()
    {
        session.Watch(id, node.Id, attribute: AttributeIds.DisplayName);
        Assert.Equal("a", Assert.Single(Cycle()).Value.Value.Get<LocalizedText>().Text);

        node.DisplayName = new LocalizedText("en", "Anna");

        Assert.Equal("Anna", Assert.Single(Cycle()).Value.Value.Get<LocalizedText>().Text);
    }

    [Fact]
    public void A_disabled_item_is_not_watched_and_reports_the_value_again_when_it_is_enabled()
    {
        var item = session.Watch(id, node.Id).MonitoredItemId;
        Cycle();
        SetMode(item, MonitoringMode.Disabled);
        Assert.False(node.IsWatched);
        SetAll(5);

        SetMode(item, MonitoringMode.Reporting);

        Assert.True(node.IsWatched);
        Assert.Equal(5.0, Assert.Single(Cycle()).Value.Value.Get<double>());
        SetMode(item, MonitoringMode.Disabled);
        SetMode(item, MonitoringMode.Reporting);
        Assert.Equal(5.0, Assert.Single(Cycle()).Value.Value.Get<double>());
    }

    [Fact]
    public void A_sampling_item_reports_what_it_queued_once_it_is_reporting()
    {
        var item = session.Watch(id, node.Id, queue: 5, mode: MonitoringMode.Sampling).MonitoredItemId;
        SetAll(1, 2);
        session.Publish();
        rig.Pass(100);
        session.ExpectKeepAlive();

        SetMode(item, MonitoringMode.Reporting);

        Assert.Equal([0.0, 1.0, 2.0], Cycle().Select(static c => c.Value.Value.Get<double>()));
    }

    [Fact]
    public void A_trigger_reports_the_sampling_items_that_are_linked_to_it()
    {
        var (other, third) = (rig.Variable("b"), rig.Variable("c"));
        var trigger = session.Watch(id, node.Id, handle: 1).MonitoredItemId;
        var linked = session.Watch(id, other.Id, handle: 2, queue: 5, mode: MonitoringMode.Sampling).MonitoredItemId;
        var disabled = session.Watch(id, third.Id, handle: 3, mode: MonitoringMode.Disabled).MonitoredItemId;
        Cycle();
        Assert.Equal(
            [
                StatusCodes.Good, StatusCodes.Good, StatusCodes.BadMonitoredItemIdInvalid,
                StatusCodes.BadMonitoredItemIdInvalid,
            ],
            Trigger(trigger, [linked, disabled, trigger, 12345], []).AddResults.Select(static r => r.Value));
        rig.Set(other, 1.0);
        Cycle(expect: 0);

        SetAll(1);

        Assert.Equal([1u, 2u, 2u], Cycle().Select(static c => c.ClientHandle));
        Assert.Equal([StatusCodes.Good, StatusCodes.BadMonitoredItemIdInvalid],
            Trigger(trigger, [], [linked, linked]).RemoveResults.Select(static r => r.Value));
        rig.Set(other, 2.0);
        SetAll(2);
        Assert.Equal([1u], Cycle().Select(static c => c.ClientHandle));
    }

    [Fact]
    public void A_trigger_that_is_only_sampled_reports_the_others_and_not_itself()
    {
        var other = rig.Variable("b");
        var trigger = session.Watch(id, node.Id, handle: 1, mode: MonitoringMode.Sampling).MonitoredItemId;
        var linked = session.Watch(id, other.Id, handle: 2, mode: MonitoringMode.Sampling).MonitoredItemId;
        Trigger(trigger, [linked], []);

        SetAll(1);

        Assert.Equal([2u], Cycle().Select(static c => c.ClientHandle));
    }

    [Fact]
    public void A_deleted_item_reports_nothing_and_is_not_triggered()
    {
        var other = rig.Variable("b");
        var trigger = session.Watch(id, node.Id, handle: 1).MonitoredItemId;
        var linked = session.Watch(id, other.Id, handle: 2, mode: MonitoringMode.Sampling).MonitoredItemId;
        Trigger(trigger, [linked], []);

        Assert.Equal([StatusCodes.Good, StatusCodes.BadMonitoredItemIdInvalid], Delete(linked, linked));
        SetAll(1);

        Assert.Equal([1u], Cycle().Select(static c => c.ClientHandle));
        Assert.Equal([StatusCodes.Good], Delete(trigger));
        Assert.False(node.IsWatched);
        Assert.Equal(0, rig.Manager.ItemCount);
    }

    [Fact]
    public void A_slower_sampling_interval_takes_the_value_of_its_time()
    {
        Assert.Equal(50, session.Watch(id, node.Id, queue: 10, sampling: 50).RevisedSamplingInterval);
        // A change every 10 ms; a sampler that reads every 50 ms would see 0, 5, 10.
        for (var i = 1; i <= 10; i++)
        {
            rig.Pass(10);
            SetAll(i);
        }

        session.Publish();
        rig.Pass(0);
        var values = session.Values();

        Assert.Equal([0.0, 5.0], values.Take(2));
        Assert.InRange(values.Length, 2, 3);
    }

    [Fact]
    public void What_waits_for_its_sample_is_taken_at_the_end_of_a_cycle()
    {
        session.Watch(id, node.Id, queue: 10, sampling: 60);
        rig.Pass(10);
        SetAll(1);
        SetAll(2);

        Assert.Equal([0.0, 2.0], Cycle().Select(static c => c.Value.Value.Get<double>()));
    }

    [Fact]
    public void A_sampling_interval_above_the_publishing_interval_slows_the_reports()
    {
        session.Watch(id, node.Id, sampling: 1000);
        var reported = 0;
        for (var i = 0; i < 30; i++)
        {
            SetAll(i + 1);
            session.Publish();
            rig.Pass(100);
            var response = session.Connection.TryTake() as PublishResponse;
            reported += response?.NotificationMessage.NotificationData.Length > 0 ? 1 : 0;
        }

        Assert.InRange(reported, 3, 4);
    }

    [Fact]
    public void The_fastest_sampling_of_a_pushed_value_is_zero_and_a_negative_one_is_the_publishing_interval()
    {
        Assert.Equal(0, session.Watch(id, node.Id, sampling: 0).RevisedSamplingInterval);
        Assert.Equal(100, session.Watch(id, node.Id, sampling: -1).RevisedSamplingInterval);
        Assert.Equal(100, session.Watch(id, node.Id, sampling: double.NaN).RevisedSamplingInterval);
    }

    [Fact]
    public void A_removed_node_reports_that_it_is_unknown()
    {
        session.Watch(id, node.Id);
        Cycle();

        rig.Space.Remove(node.Id);

        Assert.Equal(StatusCodes.BadNodeIdUnknown, Assert.Single(Cycle()).Value.Status);
    }

    [Fact]
    public void Modifying_changes_handle_queue_and_filter_and_keeps_the_newest()
    {
        var item = session.Watch(id, node.Id, queue: 5).MonitoredItemId;
        SetAll(1, 2);
        var result = Assert.Single(TestSession.Answer<ModifyMonitoredItemsResponse>(rig.Items.Modify(
            new ModifyMonitoredItemsRequest
            {
                SubscriptionId = id,
                TimestampsToReturn = TimestampsToReturn.Both,
                ItemsToModify =
                [
                    new MonitoredItemModifyRequest
                    {
                        MonitoredItemId = item,
                        RequestedParameters =
                            new MonitoringParameters { ClientHandle = 9, QueueSize = 2, DiscardOldest = true },
                    },
                ],
            },
            session.Context())).Results);

        Assert.Equal(2u, result.RevisedQueueSize);
        var changes = Cycle();
        Assert.Equal([1.0, 2.0], changes.Select(static c => c.Value.Value.Get<double>()));
        Assert.All(changes, static c => Assert.Equal(9u, c.ClientHandle));
    }

    [Fact]
    public void A_hundred_thousand_items_on_one_node_come_and_go_in_bounded_time()
    {
        var ids = new uint[100_000];
        var started = TimeProvider.System.GetTimestamp();
        for (var i = 0; i < ids.Length; i += 10_000)
        {
            var request = new MonitoredItemCreateRequest
            {
                ItemToMonitor = new ReadValueId { NodeId = node.Id, AttributeId = AttributeIds.Value },
                MonitoringMode = MonitoringMode.Reporting,
            };
            var results = TestSession.Answer<CreateMonitoredItemsResponse>(rig.Items.Create(
                new CreateMonitoredItemsRequest
                {
                    SubscriptionId = id,
                    TimestampsToReturn = TimestampsToReturn.Both,
                    ItemsToCreate = [.. Enumerable.Repeat(request, 10_000)],
                },
                session.Context())).Results;
            for (var j = 0; j < results.Length; j++)
            {
                ids[i + j] = results[j].MonitoredItemId;
            }
        }

        for (var i = 0; i < ids.Length; i += 10_000)
        {
            Delete(ids[i..(i + 10_000)]);
        }

        Assert.False(node.IsWatched);
        Assert.InRange(TimeProvider.System.GetElapsedTime(started).TotalSeconds, 0, 60);
    }

    private void SetAll(params double[] values)
    {
        foreach (var value in values)
        {
            rig.Set(node, value);
        }
    }

    /// <summary>Publishes, lets a cycle pass and takes the changes.</summary>
    private MonitoredItemNotification[] Cycle(int expect = 1)
    {
        session.Publish();
        rig.Pass(100);
        if (expect > 0)
        {
            return session.Changes();
        }

        session.ExpectNothing();
        return [];
    }

    private void SetMode(uint item, MonitoringMode mode) =>
        Assert.Equal(0u, Assert.Single(TestSession.Answer<SetMonitoringModeResponse>(rig.Items.SetMonitoringMode(
            new SetMonitoringModeRequest { SubscriptionId = id, MonitoringMode = mode, MonitoredItemIds = [item] },
            session.Context())).Results).Value);

    private SetTriggeringResponse Trigger(uint trigger, uint[] add, uint[] remove) =>
        TestSession.Answer<SetTriggeringResponse>(rig.Items.SetTriggering(
            new SetTriggeringRequest
            {
                SubscriptionId = id,
                TriggeringItemId = trigger,
                LinksToAdd = add,
                LinksToRemove = remove,
            },
            session.Context()));

    private IEnumerable<uint> Delete(params uint[] items) =>
        TestSession.Answer<DeleteMonitoredItemsResponse>(rig.Items.Delete(
            new DeleteMonitoredItemsRequest { SubscriptionId = id, MonitoredItemIds = items },
            session.Context())).Results.Select(static r => r.Value);
}
