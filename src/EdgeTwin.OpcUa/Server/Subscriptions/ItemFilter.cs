using EdgeTwin.OpcUa.Server.Events;
using EdgeTwin.OpcUa.Server.Nodes;
using EdgeTwin.OpcUa.Types;

namespace EdgeTwin.OpcUa.Server.Subscriptions;

/// <summary>What became of the filter that a client sent.</summary>
internal sealed class ItemFilter(Node node, uint attributeId)
{
    public Node Node { get; } = node;

    public uint AttributeId { get; } = attributeId;

    /// <summary>For data.</summary>
    public DataChangeRule Rule { get; set; } = DataChangeRule.Default;

    /// <summary>For events.</summary>
    public CompiledEventFilter? Event { get; set; }

    /// <summary>What the client is told about its clauses; null when nothing is wrong.</summary>
    public ExtensionObject? Result { get; set; }
}
