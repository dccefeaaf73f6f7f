using EdgeTwin.OpcUa.Schema;
using EdgeTwin.OpcUa.Server.Nodes;
using EdgeTwin.OpcUa.Server.Subscriptions;
using EdgeTwin.OpcUa.Types;

namespace EdgeTwin.OpcUa.Server.Events;

/// <summary>A SimpleAttributeOperand (OPC 10000-4 §7.7.4.5), ready to be asked of any event.</summary>
/// <param name="Space">For the type hierarchy.</param>
/// <param name="Type">Events of other types have no such field.</param>
/// <param name="Path">The browse path as <see cref="ServerEvent.PathOf"/> writes it; empty is the event's
/// condition.</param>
/// <param name="AttributeId">Value, or NodeId for the condition itself.</param>
/// <param name="Range">Part of the value; without dimensions all of it.</param>
internal sealed record EventField(AddressSpace Space, NodeId Type, string Path, uint AttributeId, NumericRange Range)
{
    /// <summary>The field's value; null for an event that has none.</summary>
    public Variant Of(ServerEvent e)
    {
        if (Type != NodeIds.BaseEventType && !Space.IsSubtypeOf(e.EventType, Type))
        {
            return Variant.Null;
        }

        if (AttributeId == AttributeIds.NodeId)
        {
            return Path.Length == 0 && !e.ConditionId.IsNull ? e.ConditionId : Variant.Null;
        }

        var value = e.Field(Path);
        return Range.Dimensions == 0 || value.IsNull ? value : WatchedRange.Of(new DataValue(value), Range).Value;
    }
}
