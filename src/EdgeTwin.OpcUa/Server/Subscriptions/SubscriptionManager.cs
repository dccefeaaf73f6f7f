using System.Collections.Concurrent;
using EdgeTwin.OpcUa.Encoding;
using EdgeTwin.OpcUa.Schema;
using EdgeTwin.OpcUa.Server.Events;
using EdgeTwin.OpcUa.Server.Nodes;
using EdgeTwin.OpcUa.Server.Services;
using EdgeTwin.OpcUa.Server.Sessions;
using EdgeTwin.OpcUa.Types;
using Microsoft.Extensions.Logging;

namespace EdgeTwin.OpcUa.Server.Subscriptions;

/// <summary>All subscriptions of the server: makes them, gives them to sessions, ends them. They live on without a
/// session until their lifetime ends.</summary>
internal sealed class SubscriptionManager : ISessionListener, IAsyncDisposable
{
    private readonly ConcurrentDictionary<uint, Subscription> subscriptions = new();
    private readonly ConcurrentDictionary<Session, SessionSubscriptions> sessions = new();
    private readonly Lock transfers = new();
    private readonly RetransmissionBudget budget;
    private readonly Publisher publisher;
    private readonly EventHub events;
    private readonly ILogger logger;
    private uint lastId;
    private uint lastItemId;
    private int items;
    private int queuePlaces;
    private uint created;

    public SubscriptionManager(SubscriptionLimits limits, TimeProvider time, EventHub events, ILogger logger)
    {
        Limits = limits;
        Clock = new ServerClock(time);
        this.events = events;
        this.logger = logger;
        budget = new RetransmissionBudget(limits.MaxRetransmissionBytesOfAll);
        publisher = new Publisher(Clock, Expire, SweepDeadlines, logger);
    }

    public SubscriptionLimits Limits { get; }

    public ServerClock Clock { get; }

    /// <summary>Number of subscriptions now.</summary>
    public int Count => subscriptions.Count;

    /// <summary>Number of subscriptions made since the start.</summary>
    public uint CreatedCount => Volatile.Read(ref created);

    /// <summary>Number of monitored items now.</summary>
    public int ItemCount => Volatile.Read(ref items);

    /// <summary>All subscriptions, in no order.</summary>
    public ICollection<Subscription> All => subscriptions.Values;

    /// <summary>The subscriptions and waiting requests of a session.</summary>
    public SessionSubscriptions Of(Session session) => sessions.TryGetValue(session, out var own)
        ? own
        : sessions.GetOrAdd(
            session, static (s, manager) => new SessionSubscriptions(s, manager.Limits, manager.Clock), this);

    /// <summary>A subscription of the session.</summary>
    /// <exception cref="OpcUaException">BadSubscriptionIdInvalid: there is none with the id, or it is
    /// another's.</exception>
    public Subscription Get(Session session, uint id) => Find(session, id)
        ?? throw new OpcUaException(StatusCodes.BadSubscriptionIdInvalid, $"the session has no subscription {id}");

    /// <summary>A subscription of the session; null when there is none with the id.</summary>
    public Subscription? Find(Session session, uint id) =>
        subscriptions.TryGetValue(id, out var subscription) && ReferenceEquals(subscription.Owner?.Session, session)
            ? subscription
            : null;

    /// <summary>A subscription, whoever has it.</summary>
    public Subscription? Find(uint id) => subscriptions.GetValueOrDefault(id);

    /// <exception cref="OpcUaException">BadTooManySubscriptions.</exception>
    public Subscription Create(Session session, in SubscriptionSettings settings, bool publishingEnabled)
    {
        if (subscriptions.Count >= Limits.MaxSubscriptions)
        {
            throw new OpcUaException(StatusCodes.BadTooManySubscriptions,
                $"the server has at most {Limits.MaxSubscriptions} subscriptions");
        }

        var subscription = new Subscription(NextId(), Limits, Clock, budget) { User = SubscriptionUser.Of(session) };
        subscription.Configure(settings);
        subscription.Start(publishingEnabled);
        Of(session).Add(subscription);
        subscriptions[subscription.Id] = subscription;
        Interlocked.Increment(ref created);
        publisher.Schedule(subscription);
        return subscription;
    }

    /// <summary>Changes what the client may choose; a new interval begins a new cycle.</summary>
    public void Modify(Subscription subscription, in SubscriptionSettings settings)
    {
        var interval = subscription.PublishingInterval;
        subscription.Configure(settings);
        if (subscription.PublishingInterval != interval)
        {
            publisher.Schedule(subscription);
        }
    }

    /// <summary>Ends a subscription and its items.</summary>
    public void Delete(Subscription subscription, StatusCode why = default)
    {
        subscription.Owner?.Remove(subscription, why);
        if (!subscriptions.TryRemove(subscription.Id, out _))
        {
            return;
        }

        lock (subscription.Structure)
        {
            foreach (var item in subscription.Items())
            {
                Unwatch(item);
            }

            subscription.Dispose();
        }
    }

    /// <summary>Gives a subscription to another session (§5.14.7); the old one is told.</summary>
    /// <exception cref="OpcUaException">BadUserAccessDenied, BadTooManySubscriptions, BadSessionClosed.</exception>
    public void Transfer(Subscription subscription, Session session, bool sendInitialValues)
    {
        var user = SubscriptionUser.Of(session);
        lock (transfers)
        {
            subscription.CountTransferRequest();
            if (!subscription.User.MayPassTo(user))
            {
                throw new OpcUaException(StatusCodes.BadUserAccessDenied, "the subscription belongs to another user");
            }

            var to = Of(session);
            var from = subscription.Owner;
            if (ReferenceEquals(from, to))
            {
                return;
            }

            to.CheckRoom();
            from?.Remove(subscription, StatusCodes.GoodSubscriptionTransferred);
            subscription.Transferred(user);
            to.Add(subscription);
        }

        if (sendInitialValues)
        {
            subscription.ResendData();
        }
    }

    /// <summary>Takes a place for an item, and as many as can be had for its queue.</summary>
    /// <param name="subscription">Whose item it will be.</param>
    /// <param name="queueSize">Places asked for.</param>
    /// <param name="id">The item's id.</param>
    /// <param name="places">The queue's places, 1 and up.</param>
    /// <returns>False when there are too many items.</returns>
    public bool TryAddItem(Subscription subscription, uint queueSize, out uint id, out int places)
    {
        (id, places) = (0, 0);
        if (subscription.ItemCount >= Limits.MaxItemsPerSubscription)
        {
            return false;
        }

        if (Interlocked.Increment(ref items) > Limits.MaxItems)
        {
            Interlocked.Decrement(ref items);
            return false;
        }

        id = Interlocked.Increment(ref lastItemId);
        places = TakePlaces(queueSize);
        return true;
    }

    /// <summary>Places for a queue: 0 and 1 are one, and one it is when the server's places are used up.</summary>
    public int TakePlaces(uint queueSize)
    {
        var places = (int)Math.Clamp(queueSize, 1, (uint)Limits.MaxQueueSize);
        if (places > 1 && Interlocked.Add(ref queuePlaces, places) > Limits.MaxQueuePlaces)
        {
            Interlocked.Add(ref queuePlaces, -places);
            places = 1;
        }

        return places;
    }

    /// <summary>Gives the places of a queue back.</summary>
    public void ReturnPlaces(int places)
    {
        if (places > 1)
        {
            Interlocked.Add(ref queuePlaces, -places);
        }
    }

    /// <summary>The item is out of its subscription: ends its watch and gives its places back.</summary>
    public void Unwatch(MonitoredItem item)
    {
        Interlocked.Decrement(ref items);
        ReturnPlaces(item.QueueSize);
        ItemWatch.End(item, events);
    }

    public void OnSessionActivated(Session session, bool first)
    {
        if (first || !sessions.TryGetValue(session, out var own))
        {
            return;
        }

        // Another user may see other values.
        foreach (var subscription in own.List())
        {
            lock (subscription.Structure)
            {
                CheckAccess(subscription, new Caller(session.User, session.SecurityMode));
            }
        }
    }

    public void OnSessionClosed(Session session, bool deleteSubscriptions, StatusCode reason)
    {
        if (!sessions.TryRemove(session, out var own))
        {
            return;
        }

        foreach (var subscription in own.Close(reason))
        {
            if (deleteSubscriptions)
            {
                Delete(subscription);
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        await publisher.DisposeAsync().ConfigureAwait(false);
        foreach (var subscription in subscriptions.Values)
        {
            Delete(subscription);
        }
    }

    private void CheckAccess(Subscription subscription, in Caller caller)
    {
        foreach (var item in subscription.Items())
        {
            if (item is not DataItem { Variable: { } variable } data)
            {
                continue;
            }

            var refused = AttributeReader.CheckRead(variable, caller);
            if (refused != data.Refused)
            {
                ItemWatch.End(data, events);
                data.Restart(refused);
                ItemWatch.Begin(data, events);
            }
        }
    }

    private void Expire(Subscription subscription)
    {
        SubscriptionLog.Expired(logger, subscription.Id, subscription.ItemCount);
        Delete(subscription, StatusCodes.BadTimeout);
    }

    private void SweepDeadlines(long now)
    {
        foreach (var (_, session) in sessions)
        {
            session.SweepDeadlines(now);
        }
    }

    private uint NextId()
    {
        uint id;
        do
        {
            id = Interlocked.Increment(ref lastId);
        }
        while (id == 0 || subscriptions.ContainsKey(id));
        return id;
    }
}
