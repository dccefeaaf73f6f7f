using EdgeTwin.OpcUa.Schema;
using EdgeTwin.OpcUa.Server.Nodes;
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

        return TrySlice(value.Value, range, out var part)
            ? new DataValue(part, value.Status, value.SourceTimestamp, value.ServerTimestamp)
            {
                SourcePicoseconds = value.SourcePicoseconds,
                ServerPicoseconds = value.ServerPicoseconds,
            }
            : new DataValue(default, StatusCodes.BadIndexRangeNoData, value.SourceTimestamp, value.ServerTimestamp);
    }

    private static bool TrySlice(in Variant value, NumericRange range, out Variant part)
    {
        part = default;
        if (range.Dimensions != 1)
        {
            return false;
        }

        var (first, last) = (range.First(0), range.Last(0));
        switch (value.ToObject())
        {
            case string text when first < text.Length:
                part = text[first..Math.Min(last + 1, text.Length)];
                return true;
            case byte[] bytes when first < bytes.Length && value.IsScalar:
                part = bytes[first..Math.Min(last + 1, bytes.Length)];
                return true;
            case Array array when first < array.Length:
                var length = Math.Min(last + 1, array.Length) - first;
                var elements = Array.CreateInstance(array.GetType().GetElementType()!, length);
                Array.Copy(array, first, elements, 0, length);
                part = Variant.Of(elements);
                return true;
            default:
                return false;
        }
    }
}
