using EdgeTwin.OpcUa.Server.Nodes;
using EdgeTwin.OpcUa.Server.Services;
using EdgeTwin.OpcUa.Types;

namespace EdgeTwin.OpcUa.Server.Subscriptions;

/// <summary>The part of a pushed value that an item with an index range watches (OPC 10000-4 §7.27).</summary>
internal static class WatchedRange
{
    public static DataValue Of(in DataValue value, NumericRange range)
    {
        if (value.Status.IsBad)
        {
            return value;
        }

        var status = RangeSlicer.Slice(value.Value, range, out var part);
        return new DataValue(part, status.IsBad ? status : value.Status, value.SourceTimestamp, value.ServerTimestamp)
        {
            SourcePicoseconds = value.SourcePicoseconds,
            ServerPicoseconds = value.ServerPicoseconds,
        };
    }
}
