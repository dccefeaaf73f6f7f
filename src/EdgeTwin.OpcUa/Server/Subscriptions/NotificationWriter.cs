using EdgeTwin.OpcUa.Encoding;
using EdgeTwin.OpcUa.Schema;
using EdgeTwin.OpcUa.Server.Services;
using EdgeTwin.OpcUa.Types;

namespace EdgeTwin.OpcUa.Server.Subscriptions;

/// <summary>Writes notification messages (OPC 10000-4 §7.26) without building them first.</summary>
/// <remarks>
/// <code>
/// UInt32 sequenceNumber | DateTime publishTime | Int32 count of parts
/// part: 01 00 type type | 01 | Int32 length | body
///   DataChangeNotification (811): Int32 items | items: UInt32 clientHandle, DataValue | Int32 -1 (diagnostics)
///   EventNotificationList  (916): Int32 events | events: UInt32 clientHandle, Variant[]
///   StatusChangeNotification (820): StatusCode | 00 (diagnostics)
/// </code>
/// </remarks>
internal static class NotificationWriter
{
    /// <summary>Bytes that a message takes beside its notifications.</summary>
    public const int Overhead = 16 + (2 * 13) + 4;

    // Up to here there is only the head of a message and of its first part.
    private const int FirstNotificationAt = 16 + 13;

    /// <summary>Writes one message from what is ready, data first.</summary>
    /// <returns>How many notifications of each kind it holds.</returns>
    public static (int Data, int Events) Write(MessageBuffer buffer, uint sequenceNumber, DateTime utcNow,
        ReadyList data, ReadyList events, int most, int budget)
    {
        var writer = new UaWriter(buffer);
        writer.WriteUInt32(sequenceNumber);
        writer.WriteDateTime(utcNow);
        var parts = writer.ReserveInt32();
        var dataCount = WritePart(buffer, DataChangeNotification.EncodingId, data, most, budget, utcNow);
        var eventCount = WritePart(buffer, EventNotificationList.EncodingId, events, most - dataCount, budget, utcNow);
        writer.PatchInt32(parts, (dataCount > 0 ? 1 : 0) + (eventCount > 0 ? 1 : 0));
        return (dataCount, eventCount);
    }

    /// <summary>A message that says what became of the subscription (§7.26.4).</summary>
    public static void WriteStatusChange(MessageBuffer buffer, uint sequenceNumber, DateTime utcNow, StatusCode status)
    {
        var writer = new UaWriter(buffer);
        writer.WriteUInt32(sequenceNumber);
        writer.WriteDateTime(utcNow);
        writer.WriteInt32(1);
        writer.WriteExtensionObject(new ExtensionObject(new StatusChangeNotification { Status = status }));
    }

    /// <summary>The end of a Publish response: results of the acknowledgements, no diagnostics.</summary>
    public static void WriteResults(in UaWriter writer, StatusCode[] results)
    {
        writer.WriteInt32(results.Length);
        foreach (var result in results)
        {
            writer.WriteStatusCode(result);
        }

        writer.WriteInt32(-1);
    }

    /// <summary>A keep-alive: no notifications, and the number that the next message will have (§5.14.1.1).</summary>
    public static void WriteKeepAlive(in UaWriter writer, uint nextSequenceNumber, DateTime utcNow)
    {
        writer.WriteUInt32(nextSequenceNumber);
        writer.WriteDateTime(utcNow);
        writer.WriteInt32(0);
    }

    /// <summary>One MonitoredItemNotification with the timestamps that were asked for.</summary>
    public static void WriteItem(MessageBuffer buffer, uint clientHandle, in DataValue value,
        TimestampsToReturn timestamps, DateTime utcNow)
    {
        var writer = new UaWriter(buffer);
        writer.WriteUInt32(clientHandle);
        if (timestamps == TimestampsToReturn.Both && value.ServerTimestamp != default)
        {
            writer.WriteDataValue(value);
        }
        else
        {
            writer.WriteDataValue(AttributeService.WithTimestamps(value, timestamps, utcNow));
        }
    }

    private static int WritePart(
        MessageBuffer buffer, uint encodingId, ReadyList ready, int most, int budget, DateTime utcNow)
    {
        if (ready.Count == 0 || most <= 0)
        {
            return 0;
        }

        var start = buffer.Length;
        var writer = new UaWriter(buffer);
        writer.WriteNodeId(encodingId);
        writer.WriteByte(1);
        var length = writer.ReserveInt32();
        var count = writer.ReserveInt32();
        var written = WriteItems(buffer, ready, most, budget, utcNow);
        if (written == 0)
        {
            buffer.Truncate(start);
            return 0;
        }

        if (encodingId == DataChangeNotification.EncodingId)
        {
            writer.WriteInt32(-1);
        }

        writer.PatchInt32(length, buffer.Length - length - sizeof(int));
        writer.PatchInt32(count, written);
        return written;
    }

    private static int WriteItems(MessageBuffer buffer, ReadyList ready, int most, int budget, DateTime utcNow)
    {
        var written = 0;
        var replaced = false;
        while (written < most && ready.First is { } item)
        {
            written += item.Write(buffer, most - written, budget, utcNow);
            if (!item.HasQueued)
            {
                ready.Remove(item);
                continue;
            }

            // What is left has no room, or no number. What does not even fit a message of its own becomes an error,
            // once.
            if (written > 0 || replaced || buffer.Length > FirstNotificationAt)
            {
                break;
            }

            item.ReplaceHead(StatusCodes.BadEncodingLimitsExceeded);
            replaced = true;
        }

        return written;
    }
}
