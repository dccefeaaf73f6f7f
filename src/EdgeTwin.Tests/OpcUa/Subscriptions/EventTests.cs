using EdgeTwin.OpcUa.Schema;
using EdgeTwin.OpcUa.Server.Events;
using EdgeTwin.OpcUa.Server.Nodes;
using EdgeTwin.OpcUa.Types;

namespace EdgeTwin.Tests.OpcUa.Subscriptions;

/// <summary>Event items: which events reach which notifier, with which fields, and what a full queue does.</summary>
public sealed class EventTests
{
    private readonly SubscriptionRig rig = new();
    private readonly TestSession session;
    private readonly uint id;

    public EventTests()
    {
        session = rig.Session();
        id = session.Subscribe().SubscriptionId;
    }

    [Fact]
    public void The_selected_fields_are_reported_in_their_order()
    {
        var result = Watch(NodeIds.Server, Filter(["Severity"], ["Message"], ["SourceNode"], ["EventId"], ["Time"]));
        Assert.Equal(StatusCodes.Good, result.StatusCode);
        Assert.Null(result.FilterResult);
        var raised = Event("valve stuck", severity: 700);

        rig.Events.Raise(raised);

        var fields = Assert.Single(Cycle()).EventFields;
        Assert.Equal(700, fields[0].Get<ushort>());
        Assert.Equal("valve stuck", fields[1].Get<LocalizedText>().Text);
        Assert.Equal(NodeIds.Server, fields[2].Get<NodeId>());
        Assert.Equal(raised.EventId, fields[3].Get<byte[]>());
        Assert.Equal(raised.Time, fields[4].Get<DateTime>());
    }

    [Fact]
    public void An_event_reaches_the_notifiers_above_its_source_and_the_server()
    {
        var (area, other) = (Notifier("area"), Notifier("other"));
        var pump = rig.Variable("pump");
        rig.Space.AddReference(NodeIds.Server, NodeIds.HasNotifier, area.Id);
        rig.Space.AddReference(area.Id, NodeIds.HasEventSource, pump.Id);
        // A loop in the hierarchy must not catch the search.
        rig.Space.AddReference(pump.Id, NodeIds.HasEventSource, area.Id);
        Watch(NodeIds.Server, Filter(["Message"]), handle: 1);
        Watch(area.Id, Filter(["Message"]), handle: 2);
        Watch(other.Id, Filter(["Message"]), handle: 3);

        rig.Events.Raise(Event("hot", source: pump.Id));

        Assert.Equal([1u, 2u], Cycle().Select(static e => e.ClientHandle).Order());
    }

    [Fact]
    public void Only_an_event_filter_on_a_notifier_is_taken()
    {
        var node = rig.Variable("a");
        Assert.Equal(StatusCodes.BadAttributeIdInvalid, Watch(node.Id, Filter(["Message"])).StatusCode);
        Assert.Equal(StatusCodes.BadNotSupported, Watch(NodeIds.ObjectsFolder, Filter(["Message"])).StatusCode);
        Assert.Equal(StatusCodes.BadFilterNotAllowed, Watch(NodeIds.Server, new DataChangeFilter()).StatusCode);
        Assert.Equal(StatusCodes.BadEventFilterInvalid,
            session.Watch(id, NodeIds.Server, attribute: AttributeIds.EventNotifier).StatusCode);
    }

    [Fact]
    public void A_wrong_clause_is_told_and_reports_null_while_the_others_work()
    {
        var filter = new EventFilter
        {
            SelectClauses =
            [
                Field("Message"), Field("NoSuchField"), Field(NodeIds.ObjectsFolder, "Message"),
                new SimpleAttributeOperand { TypeDefinitionId = 2041, AttributeId = 5, BrowsePath = ["Message"] },
            ],
        };
        var result = Watch(NodeIds.Server, filter);

        Assert.Equal(StatusCodes.Good, result.StatusCode);
        Assert.Equal(
            [
                StatusCodes.Good, StatusCodes.BadNodeIdUnknown, StatusCodes.BadTypeDefinitionInvalid,
                StatusCodes.BadAttributeIdInvalid,
            ],
            result.FilterResult!.As<EventFilterResult>()!.SelectClauseResults.Select(static r => r.Value));
        rig.Events.Raise(Event("m"));
        Assert.Equal([false, true, true, true], Assert.Single(Cycle()).EventFields.Select(static f => f.IsNull));
    }

    [Fact]
    public void A_field_of_a_subtype_is_null_for_other_events()
    {
        Watch(NodeIds.Server, new EventFilter
        {
            SelectClauses = [Field("Message"), Field(NodeIds.GeneralModelChangeEventType, "Changes")],
        }, queue: 10);

        rig.Events.Raise(Event("plain"));
        rig.Events.Raise(new ServerEvent
        {
            EventType = NodeIds.GeneralModelChangeEventType,
            SourceNode = NodeIds.Server,
            Time = rig.Clock.UtcNow,
            Fields = new Dictionary<string, Variant> { ["Changes"] = 5 },
        });

        var events = Cycle();
        Assert.True(events[0].EventFields[1].IsNull);
        Assert.Equal(5, events[1].EventFields[1].Get<int>());
    }

    [Fact]
    public void A_full_queue_loses_the_oldest_and_says_so_before_the_rest()
    {
        Watch(NodeIds.Server, Filter(["Message"], ["EventType"]), queue: 2);
        RaiseAll("1", "2", "3", "4");

        var events = Cycle();

        Assert.Equal(NodeIds.EventQueueOverflowEventType, events[0].EventFields[1].Get<NodeId>());
        Assert.Equal(["3", "4"], Messages(events[1..]));
        RaiseAll("5");
        Assert.Equal(["5"], Messages(Cycle()));
    }

    [Fact]
    public void Or_it_loses_the_newest_and_says_so_after_the_rest()
    {
        Watch(NodeIds.Server, Filter(["Message"], ["EventType"]), queue: 2, discardOldest: false);
        RaiseAll("1", "2", "3", "4");

        var events = Cycle();

        Assert.Equal(["1", "4"], Messages(events[..2]));
        Assert.Equal(NodeIds.EventQueueOverflowEventType, events[2].EventFields[1].Get<NodeId>());
    }

    [Fact]
    public void Nobody_is_asked_when_nobody_watches()
    {
        var item = Watch(NodeIds.Server, Filter(["Message"])).MonitoredItemId;
        Assert.True(rig.Events.IsWatched);

        TestSession.Answer<DeleteMonitoredItemsResponse>(rig.Items.Delete(
            new DeleteMonitoredItemsRequest { SubscriptionId = id, MonitoredItemIds = [item] }, session.Context()));

        Assert.False(rig.Events.IsWatched);
        rig.Events.Raise(Event("unheard"));
    }

    private static SimpleAttributeOperand Field(string name) => Field(NodeIds.BaseEventType, name);

    private static SimpleAttributeOperand Field(NodeId type, params string[] path) => new()
    {
        TypeDefinitionId = type,
        BrowsePath = [.. path.Select(static name => new QualifiedName(0, name))],
        AttributeId = AttributeIds.Value,
    };

    private static EventFilter Filter(params string[][] paths) =>
        new() { SelectClauses = [.. paths.Select(static path => Field(NodeIds.BaseEventType, path))] };

    private static IEnumerable<string?> Messages(IEnumerable<EventFieldList> events) =>
        events.Select(static e => e.EventFields[0].Get<LocalizedText>().Text);

    private MonitoredItemCreateResult Watch(
        NodeId node, IStructure filter, uint queue = 10, bool discardOldest = true, uint handle = 1) =>
        session.Watch(
            id, node, queue, discardOldest, filter: filter, attribute: AttributeIds.EventNotifier, handle: handle);

    private ObjectNode Notifier(string name)
    {
        var node = new ObjectNode(new NodeId(1, name), new QualifiedName(1, name))
        {
            EventNotifier = EventNotifierType.SubscribeToEvents,
        };
        return rig.Space.Add(node, NodeIds.ObjectsFolder, NodeIds.Organizes);
    }

    private ServerEvent Event(string message, ushort severity = 100, NodeId source = default) => new()
    {
        EventType = NodeIds.BaseEventType,
        SourceNode = source.IsNull ? NodeIds.Server : source,
        Time = rig.Clock.UtcNow,
        Message = message,
        Severity = severity,
    };

    private void RaiseAll(params string[] messages)
    {
        foreach (var message in messages)
        {
            rig.Events.Raise(Event(message));
        }
    }

    private EventFieldList[] Cycle()
    {
        session.Publish();
        rig.Pass(100);
        var part = Assert.Single(session.Response().NotificationMessage.NotificationData);
        return part!.As<EventNotificationList>()!.Events;
    }
}
