using EdgeTwin.OpcUa.Schema;

namespace EdgeTwin.OpcUa.Client.Subscriptions;

/// <summary>Messages that were given out and not yet acknowledged; the next Publish request takes them along.</summary>
internal sealed class Acknowledgements
{
    // Servers keep some hundred messages; one that is not acknowledged only stays there a little longer.
    private const int Most = 10_000;

    private readonly Lock gate = new();
    private readonly List<SubscriptionAcknowledgement> waiting = [];

    public void Add(uint subscription, uint sequence)
    {
        lock (gate)
        {
            if (waiting.Count == Most) waiting.RemoveRange(0, Most / 2);
            waiting.Add(new SubscriptionAcknowledgement { SubscriptionId = subscription, SequenceNumber = sequence });
        }
    }

    public SubscriptionAcknowledgement[] TakeAll()
    {
        lock (gate)
        {
            if (waiting.Count == 0) return [];
            var all = waiting.ToArray();
            waiting.Clear();
            return all;
        }
    }

    /// <summary>After a request that the server may not have seen.</summary>
    public void PutBack(SubscriptionAcknowledgement[] taken)
    {
        lock (gate)
        {
            if (waiting.Count + taken.Length <= Most) waiting.InsertRange(0, taken);
        }
    }

    /// <summary>Forgets those of a subscription that is no more.</summary>
    public void Forget(uint subscription)
    {
        lock (gate) waiting.RemoveAll(a => a.SubscriptionId == subscription);
    }
}
