using EdgeTwin.OpcUa.Encoding;
using EdgeTwin.OpcUa.Schema;
using EdgeTwin.OpcUa.Server.Events;
using EdgeTwin.OpcUa.Types;

namespace EdgeTwin.OpcUa.Server.Subscriptions;

/// <summary>A watched notifier: queues the selected fields of the events that its filter lets through.</summary>
internal sealed class EventItem(Subscription subscription, uint id, in NodeId nodeId, CompiledEventFilter filter)
    : MonitoredItem(subscription, id, nodeId, AttributeIds.EventNotifier)
{
    private readonly LinkedList<Variant[]> _queue = new();
    private CompiledEventFilter _filter = filter;
    private Variant[]? _overflow;
    private int _size = 1;
    private bool _discardOldest = true;

    public override bool HasQueued => _queue.Count > 0 || _overflow is not null;

    public override int QueueSize => _size;

    /// <summary>Where the hub keeps it, so that it is found again without a search. Owned by the hub.</summary>
    internal int HubIndex { get; set; }

    /// <summary>Sets filter and queue; the lock is held. What a shorter queue has no room for is lost as if it
    /// overflowed.</summary>
    public void Configure(CompiledEventFilter filter, int size, bool discardOldest)
    {
        _filter = filter;
        _size = size;
        _discardOldest = discardOldest;
        while (_queue.Count > size)
        {
            DropOne();
        }
    }

    /// <summary>An event of a source below the notifier.</summary>
    public void OnEvent(ServerEvent e)
    {
        if (_filter.Passes(e))
        {
            OnMark(e);
        }
    }

    /// <summary>An event that passes every filter.</summary>
    public void OnMark(ServerEvent e)
    {
        var fields = _filter.Select(e);
        lock (Subscription.Sync)
        {
            if (Mode == MonitoringMode.Disabled)
            {
                return;
            }

            if (_queue.Count >= _size)
            {
                DropOne();
            }

            _queue.AddLast(fields);
            Queued();
        }
    }

    public override int Write(MessageBuffer buffer, int most, int budget, DateTime utcNow)
    {
        var written = 0;
        // The overflow event stands where events are missing: before the oldest, or after the newest (§5.13.1.5).
        if (_discardOldest && !TryWriteOverflow(buffer, most, budget, ref written))
        {
            return written;
        }

        while (_queue.First is { } first)
        {
            if (written == most || !TryWrite(buffer, first.Value, budget))
            {
                return written;
            }

            _queue.RemoveFirst();
            written++;
        }

        _ = TryWriteOverflow(buffer, most, budget, ref written);
        return written;
    }

    public override void ReplaceHead(StatusCode status)
    {
        if (_overflow is null && _queue.First is { } first)
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
        _queue.Clear();
        _overflow = null;
    }

    private void DropOne()
    {
        if (_discardOldest)
        {
            _queue.RemoveFirst();
        }
        else
        {
            _queue.RemoveLast();
        }

        Subscription.Counters.EventQueueOverflow++;
        _overflow ??= _filter.Select(OverflowEvent(Subscription.Clock.UtcNow));
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
        if (_overflow is null)
        {
            return true;
        }

        if (written == most || !TryWrite(buffer, _overflow, budget))
        {
            return false;
        }

        _overflow = null;
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
