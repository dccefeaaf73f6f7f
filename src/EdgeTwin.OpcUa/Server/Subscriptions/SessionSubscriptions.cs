using EdgeTwin.OpcUa.Channel;
using EdgeTwin.OpcUa.Encoding;
using EdgeTwin.OpcUa.Schema;
using EdgeTwin.OpcUa.Server.Sessions;
using EdgeTwin.OpcUa.Types;

namespace EdgeTwin.OpcUa.Server.Subscriptions;

/// <summary>The subscriptions of a session and the Publish requests that wait for them (OPC 10000-4 §5.14.5). Brings
/// both together: the highest priority first, equal ones in turn.</summary>
internal sealed class SessionSubscriptions(Session session, SubscriptionLimits limits, ServerClock clock)
{
    private const int MostNotices = 100;
    private readonly Lock sync = new();
    private readonly List<Subscription> subscriptions = [];
    private readonly Queue<PublishRequestEntry> requests = new();
    private readonly Queue<StatusNotice> notices = new();
    private long served;
    private bool hasDeadlines;
    private bool closed;

    public Session Session => session;

    /// <summary>Number of Publish requests that wait.</summary>
    public int WaitingRequests
    {
        get
        {
            lock (sync)
            {
                return requests.Count;
            }
        }
    }

    /// <summary>Takes a subscription in, new or from another session.</summary>
    /// <exception cref="OpcUaException">BadTooManySubscriptions, BadSessionClosed.</exception>
    public void Add(Subscription subscription)
    {
        lock (sync)
        {
            ThrowIfFull();
            subscription.Owner = this;
            subscriptions.Add(subscription);
        }
    }

    /// <summary>Throws what <see cref="Add"/> would.</summary>
    public void CheckRoom()
    {
        lock (sync)
        {
            ThrowIfFull();
        }
    }

    /// <summary>Lets a subscription go. Requests that nothing is left for are answered.</summary>
    /// <param name="subscription">One of this session.</param>
    /// <param name="why">What the client is told by a Publish response; Good says nothing.</param>
    /// <returns>False when it is not (or no longer) of this session.</returns>
    public bool Remove(Subscription subscription, StatusCode why = default)
    {
        lock (sync)
        {
            if (!subscriptions.Remove(subscription))
            {
                return false;
            }

            subscription.Owner = null;
            if (why != default)
            {
                if (notices.Count == MostNotices)
                {
                    notices.Dequeue();
                }

                notices.Enqueue(new StatusNotice(subscription.Id, subscription.TakeNumber(), why));
            }

            Serve(clock.UtcNow);
            return true;
        }
    }

    public Subscription[] List()
    {
        lock (sync)
        {
            return [.. subscriptions];
        }
    }

    /// <summary>Takes a Publish request, and answers it at once when something is due.</summary>
    public void Publish(in PublishRequestEntry request)
    {
        lock (sync)
        {
            var utcNow = clock.UtcNow;
            if (closed || (subscriptions.Count == 0 && notices.Count == 0))
            {
                Fault(request, closed ? StatusCodes.BadSessionClosed : StatusCodes.BadNoSubscription, utcNow);
                return;
            }

            // The oldest goes: a client that lost count gets its answers back in their order (§5.14.5.2).
            if (requests.Count >= limits.MaxPublishRequests)
            {
                Fault(requests.Dequeue(), StatusCodes.BadTooManyPublishRequests, utcNow);
            }

            requests.Enqueue(request);
            hasDeadlines |= request.Deadline != long.MaxValue;
            Serve(utcNow);
        }
    }

    /// <summary>A publishing cycle of a subscription ends.</summary>
    /// <returns>False when its lifetime has ended.</returns>
    public bool EndCycle(Subscription subscription, long now)
    {
        lock (sync)
        {
            DropLost();
            // It may have left meanwhile: then its new owner sees to it.
            return !ReferenceEquals(subscription.Owner, this) || subscription.EndCycle(now, requests.Count > 0);
        }
    }

    /// <summary>Answers what can be answered now.</summary>
    public void Serve()
    {
        lock (sync)
        {
            Serve(clock.UtcNow);
        }
    }

    /// <summary>Answers the requests whose client waits no longer with BadTimeout.</summary>
    public void SweepDeadlines(long now)
    {
        lock (sync)
        {
            if (!hasDeadlines)
            {
                return;
            }

            hasDeadlines = false;
            for (var left = requests.Count; left > 0; left--)
            {
                var request = requests.Dequeue();
                if (request.Deadline <= now)
                {
                    Fault(request, StatusCodes.BadTimeout, clock.UtcNow);
                    continue;
                }

                hasDeadlines |= request.Deadline != long.MaxValue;
                requests.Enqueue(request);
            }
        }
    }

    /// <summary>Answers the requests with a handle with BadRequestCancelledByClient (§5.7.5).</summary>
    /// <returns>How many there were.</returns>
    public int Cancel(uint requestHandle)
    {
        lock (sync)
        {
            var cancelled = 0;
            for (var left = requests.Count; left > 0; left--)
            {
                var request = requests.Dequeue();
                if (request.RequestHandle == requestHandle)
                {
                    Fault(request, StatusCodes.BadRequestCancelledByClient, clock.UtcNow);
                    cancelled++;
                    continue;
                }

                requests.Enqueue(request);
            }

            return cancelled;
        }
    }

    /// <summary>The session ends: waiting requests are answered, its subscriptions are on their own.</summary>
    public Subscription[] Close(StatusCode reason)
    {
        lock (sync)
        {
            closed = true;
            while (requests.TryDequeue(out var request))
            {
                Fault(request, reason.IsBad ? reason : StatusCodes.BadSessionClosed, clock.UtcNow);
            }

            foreach (var subscription in subscriptions)
            {
                subscription.Owner = null;
            }

            Subscription[] left = [.. subscriptions];
            subscriptions.Clear();
            return left;
        }
    }

    private static void Fault(in PublishRequestEntry request, StatusCode status, DateTime utcNow)
    {
        var buffer = request.Connection.RentBuffer();
        ResponseHead.WriteFault(buffer, request.RequestHandle, utcNow, status);
        request.Connection.Send(request.RequestId, buffer);
    }

    private void ThrowIfFull()
    {
        if (closed)
        {
            throw new OpcUaException(StatusCodes.BadSessionClosed, "the session was closed");
        }

        if (subscriptions.Count >= limits.MaxSubscriptionsPerSession)
        {
            throw new OpcUaException(StatusCodes.BadTooManySubscriptions,
                $"a session has at most {limits.MaxSubscriptionsPerSession} subscriptions");
        }
    }

    // Requests of another connection than the session's: their answers would reach nobody, and what they took along
    // would have to be asked for again.
    private void DropLost()
    {
        if (requests.TryPeek(out var oldest) && !ReferenceEquals(oldest.Connection, session.Connection))
        {
            for (var left = requests.Count; left > 0; left--)
            {
                var request = requests.Dequeue();
                if (ReferenceEquals(request.Connection, session.Connection))
                {
                    requests.Enqueue(request);
                }
            }
        }
    }

    private void Serve(DateTime utcNow)
    {
        DropLost();
        while (requests.Count > 0)
        {
            // A client that does not read gets no more: its values wait in the queues, which are bounded.
            if (requests.Peek().Connection.IsCongested)
            {
                return;
            }

            if (notices.TryDequeue(out var notice))
            {
                Respond(requests.Dequeue(), notice, utcNow);
            }
            else if (subscriptions.Count == 0)
            {
                Fault(requests.Dequeue(), StatusCodes.BadNoSubscription, utcNow);
            }
            else if (NextLate() is { } subscription)
            {
                Respond(requests.Dequeue(), subscription, utcNow);
            }
            else
            {
                return;
            }
        }
    }

    private Subscription? NextLate()
    {
        Subscription? next = null;
        foreach (var subscription in subscriptions)
        {
            if (subscription.IsLate && (next is null || subscription.Priority > next.Priority
                || (subscription.Priority == next.Priority && subscription.LastServed < next.LastServed)))
            {
                next = subscription;
            }
        }

        return next;
    }

    private void Respond(in PublishRequestEntry request, Subscription subscription, DateTime utcNow)
    {
        var buffer = request.Connection.RentBuffer();
        subscription.LastServed = ++served;
        try
        {
            subscription.WriteResponse(buffer, request, MostBytes(buffer), utcNow);
        }
        catch (OpcUaException)
        {
            // Not even a message without notifications fits what the client takes.
            buffer.Reset();
            ResponseHead.WriteFault(buffer, request.RequestHandle, utcNow, StatusCodes.BadResponseTooLarge);
        }

        request.Connection.Send(request.RequestId, buffer);
    }

    private static void Respond(in PublishRequestEntry request, in StatusNotice notice, DateTime utcNow)
    {
        var buffer = request.Connection.RentBuffer();
        var writer = new UaWriter(buffer);
        ResponseHead.Write(writer, PublishResponse.EncodingId, request.RequestHandle, utcNow);
        writer.WriteUInt32(notice.SubscriptionId);
        writer.WriteInt32(-1);
        writer.WriteBoolean(false);
        NotificationWriter.WriteStatusChange(buffer, notice.SequenceNumber, utcNow, notice.Status);
        NotificationWriter.WriteResults(writer, request.Results);
        request.Connection.Send(request.RequestId, buffer);
    }

    // What the connection takes, and what the session was promised (OPC 10000-4 §5.7.2: maxResponseMessageSize).
    private int MostBytes(MessageBuffer buffer) => session.MaxResponseMessageSize == 0
        ? buffer.Limit
        : (int)Math.Min((uint)buffer.Limit, session.MaxResponseMessageSize);
}
