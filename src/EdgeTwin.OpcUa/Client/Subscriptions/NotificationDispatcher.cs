using EdgeTwin.OpcUa.Client.DataTypes;
using EdgeTwin.OpcUa.Client.Sessions;
using EdgeTwin.OpcUa.Encoding;
using EdgeTwin.OpcUa.Schema;

namespace EdgeTwin.OpcUa.Client.Subscriptions;

/// <summary>Gives the answers of one pump to their subscriptions: in order, each message once, missing ones fetched
/// again.</summary>
internal sealed class NotificationDispatcher
{
    // Answers that came together may be seen in another order; only after this is a missing one asked for again.
    private static readonly TimeSpan Grace = TimeSpan.FromMilliseconds(100);

    private readonly PublishPump pump;
    private readonly SubscriptionTable subscriptions;
    private readonly Acknowledgements acknowledgements;
    private readonly TimeProvider time;
    private readonly HashSet<ClientSubscription> incomplete = [];
    private long incompleteSince;

    public NotificationDispatcher(PublishPump pump, SubscriptionTable subscriptions,
        Acknowledgements acknowledgements, TimeProvider time)
    {
        this.pump = pump;
        this.subscriptions = subscriptions;
        this.acknowledgements = acknowledgements;
        this.time = time;
    }

    /// <summary>Whether a reader keeps everything waiting; then silence is not the server's.</summary>
    public bool IsStalled { get; private set; }

    /// <summary>Runs until the pump stops.</summary>
    public async Task RunAsync()
    {
        await Task.Yield();
        var stop = pump.Stopped;
        try
        {
            while (await MoreAsync(stop))
            {
                while (pump.Responses.TryRead(out var response)) await TakeAsync(response, stop);
                if (incomplete.Count > 0 && time.GetElapsedTime(incompleteSince) >= Grace)
                    await FetchMissingAsync(stop);
            }
        }
        catch (OperationCanceledException)
        {
            // Stopped with the session. What was not given out was not acknowledged: the server still has it.
        }
    }

    private async ValueTask<bool> MoreAsync(CancellationToken stop)
    {
        if (incomplete.Count == 0) return await pump.Responses.WaitToReadAsync(stop);
        var left = Grace - time.GetElapsedTime(incompleteSince);
        if (left <= TimeSpan.Zero) return true;
        using var grace = new CancellationTokenSource(left, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(stop, grace.Token);
        try
        {
            return await pump.Responses.WaitToReadAsync(either.Token);
        }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested)
        {
            return true;
        }
    }

    private async ValueTask TakeAsync(PublishResponse response, CancellationToken stop)
    {
        // An unknown id is of a subscription that was just ended.
        if (!subscriptions.TryFind(response.SubscriptionId, out var subscription)) return;
        var remote = subscription.Remote;
        remote.LastHeard = time.GetTimestamp();
        remote.Silences = 0;
        var message = response.NotificationMessage;
        if (message.NotificationData.Length == 0) remote.Sequence.Announce(message.SequenceNumber);
        else remote.Sequence.Add(message);
        await GiveOutAsync(subscription, stop);
        if (remote.Sequence.Missing == 0)
        {
            incomplete.Remove(subscription);
        }
        else if (incomplete.Add(subscription) && incomplete.Count == 1)
        {
            incompleteSince = time.GetTimestamp();
        }
    }

    private async ValueTask GiveOutAsync(ClientSubscription subscription, CancellationToken stop)
    {
        // Held here: the keeper may give the subscription a new life, and a new sequence, meanwhile.
        var remote = subscription.Remote;
        var (sequence, id) = (remote.Sequence, remote.Id);
        while (sequence.TryPeek(out var message))
        {
            await GiveOutAsync(subscription, message, stop);

            // Only now: what is not acknowledged can be fetched again.
            sequence.Taken();
            remote.LastPublished = Published(message);
            acknowledgements.Add(id, message.SequenceNumber);
        }
    }

    private async ValueTask GiveOutAsync(
        ClientSubscription subscription, NotificationMessage message, CancellationToken stop)
    {
        foreach (var data in message.NotificationData)
        {
            switch (data?.Body)
            {
                case DataChangeNotification changes:
                    var notice = Changes(subscription, message, changes);
                    await ResolveAsync(notice.Changes, stop);
                    await WriteAsync(subscription, notice, stop);
                    break;
                case EventNotificationList events:
                    foreach (var e in events.Events) await pump.Session.Types.ResolveAsync(e.EventFields, stop);
                    await WriteAsync(subscription, Events(subscription, message, events), stop);
                    break;
                case StatusChangeNotification change when change.Status.IsBad
                    || change.Status == StatusCodes.GoodSubscriptionTransferred:
                    // OPC 10000-4 §7.25.4: the server ended the subscription, or another client took it.
                    pump.Session.Report(new Loss(LossKind.Subscription, change.Status));
                    break;
            }
        }
    }

    private async ValueTask ResolveAsync(DataChange[] changes, CancellationToken stop)
    {
        for (var i = 0; i < changes.Length; i++)
        {
            if (ServerTypes.IsStructure(changes[i].Value.Value))
                changes[i] = changes[i] with { Value = await pump.Session.Types.ResolveAsync(changes[i].Value, stop) };
        }
    }

    // node-opcua sends no time with values; then the arrival is near enough.
    private DateTime Published(NotificationMessage message) =>
        message.PublishTime > default(DateTime) ? message.PublishTime : time.GetUtcNow().UtcDateTime;

    private async ValueTask WriteAsync(
        ClientSubscription subscription, SubscriptionNotice notice, CancellationToken stop)
    {
        var write = subscription.Queue.WriteAsync(notice, stop);
        if (write.IsCompletedSuccessfully) return;
        IsStalled = true;
        try
        {
            await write;
        }
        finally
        {
            IsStalled = false;
            subscription.Remote.LastHeard = time.GetTimestamp();
        }
    }

    private DataChangeNotice Changes(
        ClientSubscription subscription, NotificationMessage message, DataChangeNotification notification)
    {
        var values = notification.MonitoredItems;
        var changes = new DataChange[values.Length];
        var count = 0;
        foreach (var value in values)
        {
            if (subscription.ByHandle.TryGetValue(value.ClientHandle, out var item))
                changes[count++] = new DataChange(item, value.Value);
        }

        return new DataChangeNotice(
            Published(message), count == changes.Length ? changes : changes[..count]);
    }

    private EventNotice Events(
        ClientSubscription subscription, NotificationMessage message, EventNotificationList notification)
    {
        var events = new List<EventArrival>(notification.Events.Length);
        foreach (var e in notification.Events)
        {
            if (subscription.ByHandle.TryGetValue(e.ClientHandle, out var item))
                events.Add(new EventArrival(item, e.EventFields));
        }

        return new EventNotice(Published(message), [.. events]);
    }

    private async Task FetchMissingAsync(CancellationToken stop)
    {
        incompleteSince = time.GetTimestamp();
        foreach (var subscription in incomplete.ToArray())
        {
            if (subscription.Remote.IsAlive && !await FetchMissingAsync(subscription, stop)) return;
            incomplete.Remove(subscription);
        }
    }

    /// <returns>False when the session is gone; the next one fetches the rest.</returns>
    private async Task<bool> FetchMissingAsync(ClientSubscription subscription, CancellationToken stop)
    {
        var sequence = subscription.Remote.Sequence;
        while (sequence.Missing > 0)
        {
            if (sequence.Missing > SequenceBuffer.MostMissing)
            {
                sequence.SkipMissing();
                TellGap(subscription);
            }
            else if (await RepublishAsync(subscription, sequence.Next, stop) is not { } found)
            {
                return false;
            }
            else if (!found)
            {
                sequence.Skip();
                TellGap(subscription);
            }

            await GiveOutAsync(subscription, stop);
        }

        return true;
    }

    /// <returns>Whether the server still had it; null when the session is gone.</returns>
    private async Task<bool?> RepublishAsync(ClientSubscription subscription, uint number, CancellationToken stop)
    {
        var session = pump.Session;
        try
        {
            var response = await session.SendAsync<RepublishRequest, RepublishResponse>(
                new RepublishRequest
                {
                    RequestHeader = session.Header(),
                    SubscriptionId = subscription.Remote.Id,
                    RetransmitSequenceNumber = number,
                }, stop);
            return response.NotificationMessage.SequenceNumber == number
                && subscription.Remote.Sequence.Add(response.NotificationMessage);
        }
        catch (OpcUaException e)
        {
            if (Loss.KindOf(e.Status) != LossKind.None) return null;
            if (e.Status == StatusCodes.BadSubscriptionIdInvalid)
            {
                session.Report(new Loss(LossKind.Subscription, e.Status));
                return null;
            }

            return false;
        }
    }

    private void TellGap(ClientSubscription subscription)
    {
        var now = time.GetUtcNow().UtcDateTime;
        var last = subscription.Remote.LastPublished;
        subscription.Queue.Post(new GapNotice(last == default ? now : last, now));
    }
}
