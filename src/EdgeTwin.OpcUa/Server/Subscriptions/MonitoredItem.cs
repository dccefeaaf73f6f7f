using EdgeTwin.OpcUa.Encoding;
using EdgeTwin.OpcUa.Schema;
using EdgeTwin.OpcUa.Types;

namespace EdgeTwin.OpcUa.Server.Subscriptions;

/// <summary>What a client watches (OPC 10000-4 §5.13.1): mode, links to items that it triggers, a queue in the
/// derived class. All of it is guarded by the subscription's lock.</summary>
internal abstract class MonitoredItem(Subscription subscription, uint id, in NodeId nodeId, uint attributeId)
{
    private HashSet<MonitoredItem>? links;

    public Subscription Subscription { get; } = subscription;

    public uint Id { get; } = id;

    public NodeId NodeId { get; } = nodeId;

    public uint AttributeId { get; } = attributeId;

    public uint ClientHandle { get; set; }

    public TimestampsToReturn Timestamps { get; set; }

    /// <summary>What the client was told, in milliseconds.</summary>
    public double SamplingInterval { get; set; }

    public MonitoringMode Mode { get; private set; } = MonitoringMode.Disabled;

    public bool IsDeleted { get; private set; }

    /// <summary>Its node pushes to it. Owned by <see cref="ItemWatch"/>.</summary>
    public bool IsWatched { get; set; }

    /// <summary>Something is queued that was not reported.</summary>
    public abstract bool HasQueued { get; }

    /// <summary>Places that the item has in its queue.</summary>
    public abstract int QueueSize { get; }

    // Owned by ReadyList.
    internal bool IsReady { get; set; }

    internal MonitoredItem? NextReady { get; set; }

    internal MonitoredItem? PreviousReady { get; set; }

    /// <summary>Writes notifications from the head of the queue, and takes from the queue what it wrote.</summary>
    /// <param name="buffer">Never left with half a notification.</param>
    /// <param name="most">Most notifications, 1 and up.</param>
    /// <param name="budget">Length that the buffer may reach.</param>
    /// <param name="utcNow">Stands for a server timestamp that is missing.</param>
    /// <returns>How many were written.</returns>
    public abstract int Write(MessageBuffer buffer, int most, int budget, DateTime utcNow);

    /// <summary>The head of the queue fits no message: an error takes its place.</summary>
    public abstract void ReplaceHead(StatusCode status);

    /// <summary>Queues the last value again when nothing else waits (ResendData, transfer).</summary>
    public abstract void Resend();

    /// <summary>Changes the mode. Disabled forgets what was queued (§5.13.1.3); what was sampled is reported once the
    /// mode is Reporting.</summary>
    public void SetMode(MonitoringMode mode)
    {
        if (mode == MonitoringMode.Disabled)
        {
            Clear();
        }

        Mode = mode;
        if (mode == MonitoringMode.Reporting && HasQueued)
        {
            Subscription.MakeReady(this);
        }
        else if (mode != MonitoringMode.Reporting)
        {
            Subscription.TakeFromReady(this);
        }
    }

    /// <summary>Last call: the item is out of its subscription.</summary>
    public void MarkDeleted()
    {
        IsDeleted = true;
        Subscription.TakeFromReady(this);
        links = null;
        Clear();
    }

    /// <summary>This item reports <paramref name="item"/> whenever it queues something itself (§5.13.1.6).</summary>
    /// <returns>False when there are too many links.</returns>
    public bool Link(MonitoredItem item, int most)
    {
        links ??= [];
        if (links.Count >= most)
        {
            links.RemoveWhere(static linked => linked.IsDeleted);
        }

        return links.Contains(item) || (links.Count < most && links.Add(item));
    }

    /// <returns>False when there was no such link.</returns>
    public bool Unlink(MonitoredItem item) => links?.Remove(item) ?? false;

    /// <summary>The ids of the items that this one triggers, for tests.</summary>
    public bool IsLinkedTo(MonitoredItem item) => links?.Contains(item) ?? false;

    /// <summary>Something was queued: report it, and what is linked to it.</summary>
    protected void Queued()
    {
        if (Mode == MonitoringMode.Reporting)
        {
            Subscription.MakeReady(this);
        }

        if (links is not null)
        {
            Trigger(links);
        }
    }

    /// <summary>Forgets queue and last value.</summary>
    protected abstract void Clear();

    // Only items in mode Sampling are reported by a trigger; the others report by themselves or not at all.
    private static void Trigger(HashSet<MonitoredItem> links)
    {
        foreach (var item in links)
        {
            if (item is { Mode: MonitoringMode.Sampling, IsDeleted: false, HasQueued: true })
            {
                item.Subscription.MakeReady(item);
            }
        }
    }
}
