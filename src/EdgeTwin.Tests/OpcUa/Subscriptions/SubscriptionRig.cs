using EdgeTwin.OpcUa.NodeSets;
using EdgeTwin.OpcUa.Schema;
using EdgeTwin.OpcUa.Server.Events;
using EdgeTwin.OpcUa.Server.Nodes;
using EdgeTwin.OpcUa.Server.Subscriptions;
using EdgeTwin.OpcUa.Server.Users;
using EdgeTwin.OpcUa.Types;
using EdgeTwin.Tests.Support;
using Microsoft.Extensions.Logging.Abstractions;

namespace EdgeTwin.Tests.OpcUa.Subscriptions;

/// <summary>Subscriptions over namespace 0 with connections that are lists, and a clock that stands still.</summary>
internal sealed class SubscriptionRig
{
    private const Roles Everybody = Roles.Anonymous | Roles.AuthenticatedUser;
    private static readonly NodeSet Core = StandardNodeSets.ReadCore();

    private int sessions;

    public SubscriptionRig(SubscriptionLimits? limits = null)
    {
        Space = new AddressSpace(Clock);
        NodeSetLoader.Load(Space, Core, Clock.UtcNow);
        Events = new EventHub(Space);
        Manager = new SubscriptionManager(limits ?? new SubscriptionLimits(), Clock, Events, NullLogger.Instance);
        Subscriptions = new SubscriptionService(Manager);
        Items = new MonitoredItemService(Manager, Space, Events);
    }

    public ManualTimeProvider Clock { get; } = new();

    public AddressSpace Space { get; }

    public EventHub Events { get; }

    public SubscriptionManager Manager { get; }

    public SubscriptionService Subscriptions { get; }

    public MonitoredItemService Items { get; }

    /// <summary>A variable below Objects, with the value 0.</summary>
    public VariableNode Variable(string name, NodeId dataType = default)
    {
        var node = new VariableNode(new NodeId(1, name), new QualifiedName(1, name))
        {
            DataType = dataType.IsNull ? NodeIds.Double : dataType,
        };
        Space.Add(node, NodeIds.ObjectsFolder, NodeIds.Organizes);
        Set(node, 0.0);
        return node;
    }

    /// <summary>Sets a good value now.</summary>
    public void Set(VariableNode node, Variant value) => Set(node, value, StatusCodes.Good);

    public void Set(VariableNode node, Variant value, StatusCode status) =>
        node.Set(new DataValue(value, status, Clock.UtcNow, Clock.UtcNow));

    public TestSession Session(UserIdentity? user = null, string application = "urn:client",
        MessageSecurityMode mode = MessageSecurityMode.None) =>
        new(this, user ?? new UserIdentity(UserKind.UserName, "operator", Everybody), application, mode);

    /// <summary>Numbers of sessions, from 1.</summary>
    public int NextSession() => ++sessions;

    /// <summary>Lets a time of milliseconds pass.</summary>
    public void Pass(double milliseconds) => Clock.Advance(TimeSpan.FromMilliseconds(milliseconds));
}
