namespace EdgeTwin.Mqtt;

/// <summary>The subscriptions of a client by filter, and the way of a received message to those that it is
/// for.</summary>
/// <remarks>A message goes to the subscriptions whose filter takes in its topic. Where it names subscription
/// identifiers, one that has an identifier of its own must be among them: so two overlapping filters, both with an
/// identifier, each get a message once, also from a broker that sends a copy for each. Without identifiers both get
/// every copy.</remarks>
internal sealed class SubscriptionTable
{
    private readonly Lock gate = new();
    private readonly Dictionary<string, MqttSubscription> byFilter = new(StringComparer.Ordinal);
    private volatile MqttSubscription[] all = [];
    private Task waiting = Task.CompletedTask;
    private long unexpected;

    /// <summary>The subscriptions at this moment.</summary>
    public IReadOnlyList<MqttSubscription> All => all;

    /// <summary>Messages for which there was no subscription.</summary>
    public long Unexpected => Interlocked.Read(ref unexpected);

    /// <exception cref="InvalidOperationException">There is one with this filter already.</exception>
    public void Add(MqttSubscription subscription)
    {
        lock (gate)
        {
            if (!byFilter.TryAdd(subscription.Options.Filter, subscription))
                throw new InvalidOperationException($"'{subscription.Options.Filter}' is subscribed to already");
            all = [.. byFilter.Values];
        }
    }

    public void Remove(MqttSubscription subscription)
    {
        lock (gate)
        {
            byFilter.Remove(subscription.Options.Filter);
            all = [.. byFilter.Values];
        }
        subscription.End();
    }

    /// <summary>Takes a message; completes when it is in every queue that it is for, or given up by that queue's
    /// policy. Called by one reader at a time; a message of an earlier connection that still waits goes
    /// first.</summary>
    public ValueTask DeliverAsync(MqttMessage message)
    {
        if (!waiting.IsCompleted) return Wait(message, all, waiting);
        var found = false;
        var subscriptions = all;
        for (var i = 0; i < subscriptions.Length; i++)
        {
            if (!IsFor(subscriptions[i], message)) continue;
            found = true;
            if (subscriptions[i].TryDeliver(message)) continue;
            return Wait(message, subscriptions.AsMemory(i), Task.CompletedTask);
        }
        if (!found) Interlocked.Increment(ref unexpected);
        return default;
    }

    /// <summary>Ends all subscriptions, and with them every wait for room.</summary>
    public async Task EndAsync()
    {
        foreach (var subscription in all) subscription.End();
        await waiting;
    }

    private ValueTask Wait(MqttMessage message, Memory<MqttSubscription> subscriptions, Task first)
    {
        waiting = WaitAsync(message, subscriptions, first);
        return new ValueTask(waiting);
    }

    private static async Task WaitAsync(MqttMessage message, Memory<MqttSubscription> subscriptions, Task first)
    {
        await first;
        for (var i = 0; i < subscriptions.Length; i++)
            if (IsFor(subscriptions.Span[i], message)) await subscriptions.Span[i].DeliverAsync(message);
    }

    private static bool IsFor(MqttSubscription subscription, MqttMessage message)
    {
        if (!MqttTopicFilter.Matches(subscription.Options.Filter, message.Topic)) return false;
        return message.SubscriptionIdentifiers.Count == 0
            || subscription.Options.Identifier is not { } own || message.SubscriptionIdentifiers.Contains(own);
    }
}
