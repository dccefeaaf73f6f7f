using EdgeTwin.OpcUa.Schema;
using EdgeTwin.OpcUa.Server.Nodes;
using EdgeTwin.OpcUa.Types;
using Range = EdgeTwin.OpcUa.Schema.Range;

namespace EdgeTwin.OpcUa.Server.Subscriptions;

/// <summary>Checks data-change filters (OPC 10000-4 §7.22.2, OPC 10000-8 §6.2).</summary>
internal sealed class DataChangeRules(AddressSpace space)
{
    /// <summary>Makes the rule of a filter for a variable.</summary>
    /// <returns>Good, BadMonitoredItemFilterInvalid (trigger), BadDeadbandFilterInvalid, BadFilterNotAllowed (no
    /// number), BadMonitoredItemFilterUnsupported (a percentage without a range).</returns>
    public StatusCode Make(DataChangeFilter filter, Node node, out DataChangeRule rule)
    {
        rule = DataChangeRule.Default;
        if (filter.Trigger is < DataChangeTrigger.Status or > DataChangeTrigger.StatusValueTimestamp)
        {
            return StatusCodes.BadMonitoredItemFilterInvalid;
        }

        rule = new DataChangeRule(filter.Trigger, 0);
        if (filter.DeadbandType == (uint)DeadbandType.None)
        {
            return default;
        }

        if (filter.DeadbandType > (uint)DeadbandType.Percent || !(filter.DeadbandValue >= 0)
            || double.IsInfinity(filter.DeadbandValue))
        {
            return StatusCodes.BadDeadbandFilterInvalid;
        }

        if (node is not VariableNode variable || !IsNumber(variable.DataType))
        {
            return StatusCodes.BadFilterNotAllowed;
        }

        if (filter.DeadbandType == (uint)DeadbandType.Absolute)
        {
            rule = new DataChangeRule(filter.Trigger, filter.DeadbandValue);
            return default;
        }

        if (filter.DeadbandValue > 100)
        {
            return StatusCodes.BadDeadbandFilterInvalid;
        }

        if (RangeOf(node) is not { } range)
        {
            return StatusCodes.BadMonitoredItemFilterUnsupported;
        }

        rule = new DataChangeRule(filter.Trigger, filter.DeadbandValue / 100 * (range.High - range.Low));
        return default;
    }

    private bool IsNumber(NodeId dataType) => dataType.NamespaceIndex == 0
        && dataType.IdType == IdType.Numeric && dataType.Number is >= NodeIds.SByte and <= NodeIds.Double
        || space.IsSubtypeOf(dataType, NodeIds.Number);

    // EURange is the range of the instrument's normal use; only analog items have it (OPC 10000-8 §5.3.2).
    private Range? RangeOf(Node node)
    {
        var property = space.Resolve(node.Id, new QualifiedName(0, "EURange")) as VariableNode;
        var range = property?.Get().Value.Get<ExtensionObject>()?.As<Range>();
        return range?.High > range?.Low ? range : null;
    }
}
