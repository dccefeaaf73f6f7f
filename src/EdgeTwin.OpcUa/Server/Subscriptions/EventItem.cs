using EdgeTwin.OpcUa.Encoding;
using EdgeTwin.OpcUa.Schema;
using EdgeTwin.OpcUa.Server.Events;
using EdgeTwin.OpcUa.Types;

namespace EdgeTwin.OpcUa.Server.Subscriptions;

/// <summary>A watched notifier: queues the selected fields of the events that its filter lets through.</summary>
internal sealed class EventItem(Subscription subscription, uint id, in NodeId nodeId, CompiledEventFilter filter)
    : MonitoredItem(subscription, id, nodeId, AttributeIds.EventNotifier)
{
    private readonly LinkedList<Variant[]> queue = new();
    private CompiledEventFilter filter = filter;
    private Variant[]? overflow;
    private int size = 1;
    private bool discardOldest = true;

    public override bool HasQueued => queue.Count > 0 || overflow is not null;

    public override int QueueSize => size;

    /// <summary>Where the hub keeps it, so that it is found again without a search. Owned by the hub.</summary>
    internal int HubIndex { get; set; }

    /// <summary>Sets filter and queue; the lock is held. What a shorter queue has no room for is lost as if it
    /// overflowed.</summary>
    public void Configure(CompiledEventFilter filter, int size, bool discardOldest)
    {
        this.filter = filter;
        this.size = size;
        this.discardOldest = discardOldest;
        while (queue.Count > size)
        {
            DropOne();
        }
    }

    /// <summary>An event of a source below the notifier.</summary>
    public void OnEvent(ServerEvent e)
    {
        if (filter.Passes(e))
        {
            OnMark(e);
        }
    }

    /// <summary>An event that passes every filter.</summary>
    public void OnMark(ServerEvent e)
    {
        var fields = filter.Select(e);
        lock (Subscription.Sync)
        {
            if (Mode == MonitoringMode.Disabled)
            {
                return;
            }

            if (queue.Count >= size)
            {
                DropOne();
            }

            queue.AddLast(fields);
            Queued();
        }
    }

    public override int Write(MessageBuffer buffer, int most, int budget, DateTime utcNow)
    {
        var written = 0;
        // The overflow event stands where events are missing: before the oldest, or after the newest (§5.13.1.5).
        if (discardOldest && !TryWriteOverflow(buffer, most, budget, ref written))
        {
            return written;
        }

        while (queue.First is { } first)
        {
            if (written == most || !TryWrite(buffer, first.Value, budget))
            {
                return written;
            }

            queue.RemoveFirst();
            written++;
        }

        _ = TryWriteOverflow(buffer, most, budget, ref written);
        return written;
    }

    public override void ReplaceHead(StatusCode status)
    {
        if (overflow is null && queue.First is { } first)
        {
            first.Value = Array.ConvertAll(first.Value, _ => (Variant)status);
        }
    }

    public override void Resend()
    {
        // Events happen once.
    }

    protected override void Clear()
    {
        queue.Clear();
        overflow = null;
    }

    private void DropOne()
    {
        if (discardOldest)
        {
            queue.RemoveFirst();
        }
        else
        {
            queue.RemoveLast();
        }

        Subscription.Counters.EventQueueOverflow++;
        overflow ??= filter.Select(OverflowEvent(Subscription.Clock.UtcNow));
    }

    private static ServerEvent OverflowEvent(DateTime utcNow) => new()
    {
        EventType = NodeIds.EventQueueOverflowEventType,
        SourceNode = NodeIds.Server,
        SourceName = "Internal/EventQueueOverflow",
        Time = utcNow,
        Message = new LocalizedText("en", "Events were lost: the queue of the monitored item was full."),
        Severity = 500,
    };

    private bool TryWriteOverflow(MessageBuffer buffer, int most, int budget, ref int written)
    {
        if (overflow is null)
        {
            return true;
        }

        if (written == most || !TryWrite(buffer, overflow, budget))
        {
            return false;
        }

        overflow = null;
        written++;
        return true;
    }

    private bool TryWrite(MessageBuffer buffer, Variant[] fields, int budget)
    {
        var start = buffer.Length;
        try
        {
            var writer = new UaWriter(buffer);
            writer.WriteUInt32(ClientHandle);
            writer.WriteVariantArray(fields);
        }
        catch (OpcUaException e) when (e.Status == StatusCodes.BadEncodingLimitsExceeded)
        {
            buffer.Truncate(start);
            return false;
        }

        if (buffer.Length <= budget)
        {
            return true;
        }

        buffer.Truncate(start);
        return false;
    }
}
