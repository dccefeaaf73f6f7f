using EdgeTwin.OpcUa.Encoding;
using EdgeTwin.OpcUa.Schema;
using EdgeTwin.OpcUa.Server.Nodes;
using EdgeTwin.OpcUa.Types;

namespace EdgeTwin.OpcUa.Server.Subscriptions;

/// <summary>A watched attribute. Values are pushed into it; there is no timer per item.</summary>
/// <remarks>
/// A queue of one is <c>last</c> and a flag: the newest value is reported when the subscription publishes, which is no
/// more often than the sampling interval as long as that is not the longer of the two. Only an item that would
/// otherwise report more than it asked for is paced: with a longer queue, or a sampling interval above the publishing
/// interval. It keeps the value that is current while it waits, and takes it at the first push or publishing cycle
/// after it is due: what a sampler would have read.
/// Where both intervals are the same the client asked for one sample a cycle, and a source with that interval has two
/// in one cycle and none in the next as soon as it meets the end of the cycle. The second of them, which comes an
/// interval after the first within a quarter, waits for its own cycle, so that neither is lost.
/// </remarks>
internal sealed class DataItem : MonitoredItem, IValueWatcher, IAttributeWatcher
{
    private DataValue last;
    private bool hasLast;
    private bool pending;
    private DataQueue? queue;
    private DataValue sample;
    private bool hasSample;
    private long sampleDue;
    private long pace;
    private bool isOneEachCycle;
    private long accepted;

    public DataItem(Subscription subscription, uint id, in NodeId nodeId, uint attributeId)
        : base(subscription, id, nodeId, attributeId)
    {
    }

    /// <summary>When a value is a change.</summary>
    public DataChangeRule Rule { get; set; } = DataChangeRule.Default;

    /// <summary>The part of the value that is watched; without dimensions all of it.</summary>
    public NumericRange Range { get; init; }

    /// <summary>The variable whose value is watched.</summary>
    public VariableNode? Variable { get; init; }

    /// <summary>Or the other attribute that is.</summary>
    public WatchedAttribute? Attribute { get; init; }

    /// <summary>Why the client may not see the value; Good when it may. Then this is what it is told
    /// (§5.13.2.4).</summary>
    public StatusCode Refused { get; set; }

    public override bool HasQueued => queue is null ? pending : queue.Count > 0;

    public override int QueueSize => queue?.Size ?? 1;

    /// <summary>The item waits for the time of its next sample.</summary>
    public bool HasSample => hasSample;

    /// <summary>The value of the next cycle came before the end of this one.</summary>
    public bool IsHeld => isOneEachCycle && hasSample;

    /// <inheritdoc/>
    public int Place { get; set; }

    // Owned by the subscription: the item is in its list of waiting samples.
    internal bool IsWaiting { get; set; }

    /// <summary>Sets the queue; the lock is held. A shorter queue keeps the newest.</summary>
    /// <param name="size">Places, 1 and up.</param>
    /// <param name="discardOldest">Which one goes when the queue is full.</param>
    public void Configure(int size, bool discardOldest)
    {
        if (size == QueueSize && (queue is null || queue.DiscardOldest == discardOldest))
        {
            return;
        }

        var old = queue;
        queue = size == 1 ? null : new DataQueue(size, discardOldest);
        if (old is null && pending)
        {
            queue?.Enqueue(last);
        }

        while (old?.Count > 0)
        {
            // To a single place goes the newest, unmarked, for that is what such an item reports.
            queue?.Enqueue(old.Head);
            old.Dequeue();
            pending = true;
        }

        pending &= queue is null;
    }

    /// <summary>Sets the pace after sampling interval, queue or publishing interval changed; the lock is
    /// held.</summary>
    public void UpdatePace()
    {
        var sampling = TimeSpan.FromMilliseconds(SamplingInterval).Ticks;
        pace = QueueSize > 1 || sampling > Subscription.PublishingInterval ? sampling : 0;
        isOneEachCycle = QueueSize == 1 && sampling == Subscription.PublishingInterval;
    }

    public void OnValue(in DataValue value)
    {
        if (Range.Dimensions > 0)
        {
            Push(WatchedRange.Of(value, Range));
            return;
        }

        Push(value);
    }

    public void OnAttribute(Node node, uint attributeId)
    {
        if (attributeId == AttributeId && Attribute is not null)
        {
            Push(Attribute.Read());
        }
        else if (attributeId == AttributeIds.NodeId)
        {
            Push(new DataValue(StatusCodes.BadNodeIdUnknown));
        }
    }

    /// <summary>The value at creation: a push that came first is newer.</summary>
    public void OnFirstValue(in DataValue value)
    {
        lock (Subscription.Sync)
        {
            if (!hasLast && !hasSample)
            {
                OnValue(value);
            }
        }
    }

    /// <summary>Forgets all, for another user: what was queued is nothing for its eyes. The item is not
    /// watched.</summary>
    /// <param name="refused">Why that user may not see the value; Good when it may.</param>
    public void Restart(StatusCode refused)
    {
        lock (Subscription.Sync)
        {
            Subscription.TakeFromReady(this);
            Clear();
            Refused = refused;
        }
    }

    /// <summary>A publishing cycle ends: takes the waiting value if its time has come.</summary>
    /// <returns>True when the item waits no longer.</returns>
    public bool TakeSample(long now)
    {
        if (isOneEachCycle)
        {
            AcceptHeld();
        }
        else if (hasSample && now >= sampleDue)
        {
            AcceptSample(now);
        }

        return !hasSample;
    }

    public override void Resend()
    {
        if (Mode != MonitoringMode.Reporting || !hasLast || HasQueued)
        {
            return;
        }

        if (queue is null)
        {
            pending = true;
        }
        else
        {
            queue.Enqueue(last);
        }

        Subscription.MakeReady(this);
    }

    public override int Write(MessageBuffer buffer, int most, int budget, DateTime utcNow)
    {
        if (queue is not null)
        {
            return WriteQueue(queue, buffer, most, budget, utcNow);
        }

        if (!pending || !TryWrite(buffer, last, budget, utcNow))
        {
            return 0;
        }

        pending = false;
        return 1;
    }

    public override void ReplaceHead(StatusCode status)
    {
        ref var head = ref last;
        if (queue is not null)
        {
            head = ref queue.Head;
        }

        head = new DataValue(default, status, head.SourceTimestamp, head.ServerTimestamp);
    }

    protected override void Clear()
    {
        hasLast = false;
        last = default;
        pending = false;
        queue?.Clear();
        hasSample = false;
        sample = default;
        sampleDue = 0;
    }

    private void Push(in DataValue value)
    {
        lock (Subscription.Sync)
        {
            if (Mode == MonitoringMode.Disabled)
            {
                return;
            }

            if (isOneEachCycle)
            {
                AcceptOneEachCycle(value, Subscription.Clock.Now);
            }
            else if (pace == 0)
            {
                Accept(value);
            }
            else
            {
                AcceptPaced(value, Subscription.Clock.Now);
            }
        }
    }

    private void AcceptOneEachCycle(in DataValue value, long now)
    {
        AcceptHeld();
        if (pending && Mode == MonitoringMode.Reporting && IsNextSample(now) && Rule.IsChange(last, value))
        {
            Hold(value);
            sampleDue = now;
            return;
        }

        // What is newer replaces what was held, too: a client that is this late wants the newest.
        hasSample = false;
        accepted = now;
        Accept(value);
    }

    // The one before it is reported: what was held is now what this cycle reports.
    private void AcceptHeld()
    {
        if (hasSample && !pending)
        {
            hasSample = false;
            accepted = sampleDue;
            Accept(sample);
            sample = default;
        }
    }

    private bool IsNextSample(long now)
    {
        var interval = Subscription.PublishingInterval;
        return now - accepted >= interval - (interval / 4) && now - accepted <= interval + (interval / 4);
    }

    private void Hold(in DataValue value)
    {
        sample = value;
        hasSample = true;
        Subscription.AwaitSample(this);
    }

    private void Accept(in DataValue value)
    {
        if (hasLast && !Rule.IsChange(last, value))
        {
            return;
        }

        last = value;
        hasLast = true;
        if (queue is null)
        {
            pending = true;
        }
        else if (queue.Enqueue(value))
        {
            Subscription.Counters.MonitoringQueueOverflow++;
        }

        Queued();
    }

    private void AcceptPaced(in DataValue value, long now)
    {
        // What waited was the value of the due time, unless this one comes exactly then.
        if (hasSample && now > sampleDue)
        {
            AcceptSample(now);
        }

        if (now >= sampleDue)
        {
            sampleDue = NextDue(now);
            hasSample = false;
            sample = default;
            Accept(value);
            return;
        }

        Hold(value);
    }

    private void AcceptSample(long now)
    {
        sampleDue = NextDue(now);
        hasSample = false;
        Accept(sample);
        sample = default;
    }

    // On the grid while values keep coming; after a pause a new grid begins.
    private long NextDue(long now) => sampleDue + pace > now ? sampleDue + pace : now + pace;

    private int WriteQueue(DataQueue queue, MessageBuffer buffer, int most, int budget, DateTime utcNow)
    {
        var written = 0;
        while (written < most && queue.Count > 0 && TryWrite(buffer, queue.Head, budget, utcNow))
        {
            queue.Dequeue();
            written++;
        }

        return written;
    }

    private bool TryWrite(MessageBuffer buffer, in DataValue value, int budget, DateTime utcNow)
    {
        var start = buffer.Length;
        try
        {
            NotificationWriter.WriteItem(buffer, ClientHandle, value, Timestamps, utcNow);
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
