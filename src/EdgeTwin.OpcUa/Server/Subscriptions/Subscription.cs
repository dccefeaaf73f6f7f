using EdgeTwin.OpcUa.Encoding;
using EdgeTwin.OpcUa.Schema;
using EdgeTwin.OpcUa.Types;

namespace EdgeTwin.OpcUa.Server.Subscriptions;

/// <summary>A subscription (OPC 10000-4 §5.14): its items, what they have to report, and what was reported and not
/// acknowledged. It answers Publish requests that others hand to it and knows no clock of its own.</summary>
/// <remarks>
/// Locks, outermost first: the session's (which requests wait, which subscriptions there are), <see cref="Structure"/>
/// (services that change the items, one at a time), a variable's (while it pushes), <see cref="Sync"/>. Whoever holds
/// <see cref="Sync"/> calls nobody.
/// </remarks>
internal sealed class Subscription : IDisposable
{
    private readonly SubscriptionLimits limits;
    private readonly Dictionary<uint, MonitoredItem> items = [];
    private readonly ReadyList data = new();
    private readonly ReadyList events = new();
    private readonly List<DataItem> waiting = [];
    private readonly PublishingState state = new();
    private readonly RetransmissionQueue sent;
    private uint nextNumber = SequenceNumber.First;

    public Subscription(uint id, SubscriptionLimits limits, ServerClock clock, RetransmissionBudget budget)
    {
        Id = id;
        Clock = clock;
        this.limits = limits;
        sent = new RetransmissionQueue(limits, budget);
    }

    public uint Id { get; }

    public ServerClock Clock { get; }

    /// <summary>Guards the items' values and queues, the ready lists and the sent messages.</summary>
    public Lock Sync { get; } = new();

    /// <summary>Held by services while they add, change and remove items.</summary>
    public Lock Structure { get; } = new();

    public SubscriptionCounters Counters { get; } = new();

    /// <summary>The session that it reports to; null while it has none. Written under that session's lock.</summary>
    public SessionSubscriptions? Owner { get; set; }

    /// <summary>Whose it is, which outlives the session.</summary>
    public required SubscriptionUser User { get; set; }

    /// <summary>Ticks of 100 ns between publishing cycles.</summary>
    public long PublishingInterval { get; private set; }

    public byte Priority { get; private set; }

    public bool PublishingEnabled { get; private set; }

    public uint MaxNotificationsPerPublish { get; private set; }

    public uint KeepAliveCount => state.KeepAliveCount;

    public uint LifetimeCount => state.LifetimeCount;

    /// <summary>True once deleted.</summary>
    public bool IsClosed { get; private set; }

    /// <summary>A response is due.</summary>
    public bool IsLate => state.IsLate;

    /// <summary>Counts up with every response of the session: the smallest waited longest. Owned by the
    /// session.</summary>
    public long LastServed { get; set; }

    /// <summary>When the next cycle ends, monotonic ticks. Owned by the publisher.</summary>
    public long NextDue { get; set; }

    /// <summary>A value is held that met the end of the last cycle (<see cref="DataItem"/>): with a later end none
    /// would. Written by <see cref="EndCycle"/>.</summary>
    public bool MetItsEnd { get; private set; }

    /// <summary>From when on its cycles may be shifted again, monotonic ticks; a few before that. Owned by the
    /// publisher.</summary>
    public long NextShift { get; set; }

    /// <summary>Number of items; read without the lock for limits and diagnostics.</summary>
    public int ItemCount => items.Count;

    /// <summary>Sets what the client asked for, as it was revised.</summary>
    public void Configure(in SubscriptionSettings settings)
    {
        lock (Sync)
        {
            state.LifetimeCount = settings.LifetimeCount;
            state.KeepAliveCount = settings.KeepAliveCount;
            MaxNotificationsPerPublish = settings.MaxNotificationsPerPublish;
            Priority = settings.Priority;
            Counters.Modify += PublishingInterval == 0 ? 0 : 1u;
            PublishingInterval = settings.PublishingInterval.Ticks;
            state.Touch();
            foreach (var item in items.Values)
            {
                (item as DataItem)?.UpdatePace();
            }
        }
    }

    /// <summary>The first setting of what <see cref="SetPublishingEnabled"/> changes.</summary>
    public void Start(bool publishingEnabled) => PublishingEnabled = publishingEnabled;

    public void SetPublishingEnabled(bool enabled)
    {
        lock (Sync)
        {
            PublishingEnabled = enabled;
            state.Touch();
            _ = enabled ? Counters.Enable++ : Counters.Disable++;
        }
    }

    /// <summary>A service named the subscription: it lives on.</summary>
    public void Touch()
    {
        lock (Sync)
        {
            state.Touch();
        }
    }

    // Items: the caller holds Structure, and Sync where it says so.

    public void Add(MonitoredItem item)
    {
        lock (Sync)
        {
            items.Add(item.Id, item);
        }
    }

    public MonitoredItem? Find(uint itemId)
    {
        lock (Sync)
        {
            return items.GetValueOrDefault(itemId);
        }
    }

    public bool Remove(MonitoredItem item)
    {
        lock (Sync)
        {
            if (!items.Remove(item.Id))
            {
                return false;
            }

            item.MarkDeleted();
            return true;
        }
    }

    public MonitoredItem[] Items()
    {
        lock (Sync)
        {
            return [.. items.Values];
        }
    }

    /// <summary>Called by an item with <see cref="Sync"/> held: it has something to report.</summary>
    public void MakeReady(MonitoredItem item) => (item is EventItem ? events : data).Add(item);

    /// <summary>Called by an item with <see cref="Sync"/> held: it reports no longer.</summary>
    public void TakeFromReady(MonitoredItem item) => (item is EventItem ? events : data).Remove(item);

    /// <summary>Called by an item with <see cref="Sync"/> held: its value waits until its next sample is due.</summary>
    public void AwaitSample(DataItem item)
    {
        if (!item.IsWaiting)
        {
            item.IsWaiting = true;
            waiting.Add(item);
        }
    }

    /// <summary>A publishing cycle ends.</summary>
    /// <param name="now">Monotonic ticks.</param>
    /// <param name="requestsWait">The session has a Publish request.</param>
    /// <returns>False when the lifetime has ended.</returns>
    public bool EndCycle(long now, bool requestsWait)
    {
        lock (Sync)
        {
            TakeSamples(now);
            var hasNotifications = PublishingEnabled && data.Count + events.Count > 0;
            var lives = state.EndCycle(hasNotifications, requestsWait);
            if (lives && state.IsLate && !requestsWait)
            {
                Counters.LatePublishRequest++;
            }

            return lives;
        }
    }

    /// <summary>Writes the response to a Publish request.</summary>
    /// <param name="buffer">Empty; the caller sends it.</param>
    /// <param name="request">The request.</param>
    /// <param name="mostBytes">What the client takes as one message.</param>
    /// <param name="utcNow">Time of response and message.</param>
    public void WriteResponse(MessageBuffer buffer, in PublishRequestEntry request, int mostBytes, DateTime utcNow)
    {
        lock (Sync)
        {
            Counters.PublishRequest++;
            var message = TakeMessage(mostBytes - MostHeadBytes(request), utcNow);
            var more = PublishingEnabled && data.Count + events.Count > 0;
            var writer = new UaWriter(buffer);
            ResponseHead.Write(writer, PublishResponse.EncodingId, request.RequestHandle, utcNow);
            writer.WriteUInt32(Id);
            sent.WriteNumbers(writer);
            writer.WriteBoolean(more);
            if (message is null)
            {
                NotificationWriter.WriteKeepAlive(writer, nextNumber, utcNow);
            }
            else
            {
                writer.WriteRaw(message.Written);
            }

            NotificationWriter.WriteResults(writer, request.Results);
            state.Responded(more);
        }
    }

    /// <summary>The number for a message that only says what became of the subscription.</summary>
    public uint TakeNumber()
    {
        lock (Sync)
        {
            var number = nextNumber;
            nextNumber = SequenceNumber.After(number);
            return number;
        }
    }

    public StatusCode Acknowledge(uint sequenceNumber)
    {
        lock (Sync)
        {
            return sent.Acknowledge(sequenceNumber);
        }
    }

    /// <summary>Writes a sent message once more.</summary>
    /// <returns>False when it is not kept.</returns>
    public bool TryRepublish(uint sequenceNumber, in UaWriter writer)
    {
        lock (Sync)
        {
            state.Touch();
            Counters.RepublishRequest++;
            Counters.RepublishMessageRequest++;
            if (sent.Find(sequenceNumber) is not { } message)
            {
                return false;
            }

            writer.WriteRaw(message.Written);
            Counters.RepublishMessage++;
            return true;
        }
    }

    public uint[] AvailableSequenceNumbers()
    {
        lock (Sync)
        {
            return sent.Numbers();
        }
    }

    /// <summary>Queues the last value of every reporting data item again (OPC 10000-5 §9.2).</summary>
    public void ResendData()
    {
        lock (Sync)
        {
            state.Touch();
            foreach (var item in items.Values)
            {
                item.Resend();
            }
        }
    }

    public void CountTransferRequest()
    {
        lock (Sync)
        {
            Counters.TransferRequest++;
        }
    }

    /// <summary>Another session gets it.</summary>
    public void Transferred(SubscriptionUser user)
    {
        lock (Sync)
        {
            var same = string.Equals(User.ApplicationUri, user.ApplicationUri, StringComparison.Ordinal);
            _ = same ? Counters.TransferredToSameClient++ : Counters.TransferredToAltClient++;
            User = user;
            state.Transferred();
        }
    }

    /// <summary>Reads state and counters for diagnostics.</summary>
    public SubscriptionDiagnosticsDataType Diagnose()
    {
        lock (Sync)
        {
            var disabled = 0u;
            foreach (var item in items.Values)
            {
                disabled += item.Mode == MonitoringMode.Disabled ? 1u : 0;
            }

            return SubscriptionDiagnostics.Of(this, state, disabled, (uint)sent.Count, sent.Discarded, nextNumber);
        }
    }

    /// <summary>Ends it: nothing is reported any more. The items' watches are the caller's to end.</summary>
    public void Dispose()
    {
        lock (Sync)
        {
            IsClosed = true;
            foreach (var item in items.Values)
            {
                item.MarkDeleted();
            }

            items.Clear();
            waiting.Clear();
            sent.Dispose();
        }
    }

    private int MostHeadBytes(in PublishRequestEntry request) =>
        ResponseHead.Length + 32 + (sizeof(uint) * (sent.Count + 1 + request.Results.Length));

    private MessageBuffer? TakeMessage(int budget, DateTime utcNow)
    {
        if (!PublishingEnabled || data.Count + events.Count == 0)
        {
            return null;
        }

        budget = Math.Min(budget, limits.MaxNotificationBytes) - NotificationWriter.Overhead;
        var most = MaxNotificationsPerPublish == 0 ? limits.MaxNotificationsPerPublish
            : (int)Math.Min(MaxNotificationsPerPublish, (uint)limits.MaxNotificationsPerPublish);
        var message = sent.RentBuffer();
        var (changes, raised) = NotificationWriter.Write(message, nextNumber, utcNow, data, events, most, budget);
        if (changes + raised == 0)
        {
            sent.Return(message);
            return null;
        }

        sent.Add(nextNumber, message);
        nextNumber = SequenceNumber.After(nextNumber);
        Counters.DataChangeNotifications += (uint)changes;
        Counters.EventNotifications += (uint)raised;
        Counters.Notifications += (uint)(changes + raised);
        return message;
    }

    private void TakeSamples(long now)
    {
        MetItsEnd = false;
        for (var i = waiting.Count - 1; i >= 0; i--)
        {
            var item = waiting[i];
            if (item.TakeSample(now))
            {
                item.IsWaiting = false;
                waiting[i] = waiting[^1];
                waiting.RemoveAt(waiting.Count - 1);
            }
            else if (item.IsHeld)
            {
                MetItsEnd = true;
            }
        }
    }
}
