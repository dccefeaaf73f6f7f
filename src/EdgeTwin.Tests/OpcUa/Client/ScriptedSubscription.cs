using EdgeTwin.OpcUa.Schema;
using EdgeTwin.OpcUa.Types;

namespace EdgeTwin.Tests.OpcUa.Client;

/// <summary>A subscription of a <see cref="ScriptedServer"/>.</summary>
internal sealed class ScriptedSubscription(uint id, NodeId session)
{
    public uint Id { get; } = id;

    /// <summary>The session that it belongs to.</summary>
    public NodeId Session { get; set; } = session;

    /// <summary>Client handle by node, as items were created.</summary>
    public Dictionary<NodeId, uint> Items { get; } = [];

    public uint Next { get; set; } = 1;

    /// <summary>What was sent and is not acknowledged: Republish can give it.</summary>
    public SortedDictionary<uint, NotificationMessage> Sent { get; } = [];

    /// <summary>What waits for a Publish request.</summary>
    public Queue<NotificationMessage> Waiting { get; } = new();
}
