namespace EdgeTwin.OpcUa.Server.Subscriptions;

/// <summary>The items that have something to report, in the order in which they got it; each is on it at most once.
/// Linked through the items themselves: adding and removing costs a few writes and no memory. Guarded by the
/// subscription's lock.</summary>
internal sealed class ReadyList
{
    private MonitoredItem? last;

    public MonitoredItem? First { get; private set; }

    public int Count { get; private set; }

    public void Add(MonitoredItem item)
    {
        if (item.IsReady)
        {
            return;
        }

        item.IsReady = true;
        item.PreviousReady = last;
        if (last is null)
        {
            First = item;
        }
        else
        {
            last.NextReady = item;
        }

        last = item;
        Count++;
    }

    public void Remove(MonitoredItem item)
    {
        if (!item.IsReady)
        {
            return;
        }

        var (previous, next) = (item.PreviousReady, item.NextReady);
        if (previous is null)
        {
            First = next;
        }
        else
        {
            previous.NextReady = next;
        }

        if (next is null)
        {
            last = previous;
        }
        else
        {
            next.PreviousReady = previous;
        }

        item.IsReady = false;
        item.PreviousReady = null;
        item.NextReady = null;
        Count--;
    }
}
