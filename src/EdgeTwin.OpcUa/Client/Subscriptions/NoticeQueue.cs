using System.Threading.Channels;

namespace EdgeTwin.OpcUa.Client.Subscriptions;

/// <summary>The bounded queue between the connection and the reader of a subscription's notices.</summary>
internal sealed class NoticeQueue
{
    // Recoveries and refusals are few; a reader that is this far behind has worse losses.
    private const int MostOwed = 64;

    private readonly Channel<SubscriptionNotice> channel;
    private readonly Lock gate = new();
    private readonly Queue<SubscriptionNotice> owed = new();
    private long dropped;

    public NoticeQueue(int capacity, NoticeFullMode whenFull)
    {
        channel = System.Threading.Channels.Channel.CreateBounded<SubscriptionNotice>(
            new BoundedChannelOptions(capacity)
            {
                SingleReader = true,
                FullMode = whenFull == NoticeFullMode.Wait
                    ? BoundedChannelFullMode.Wait
                    : BoundedChannelFullMode.DropOldest,
            }, _ => Interlocked.Increment(ref dropped));
    }

    public ChannelReader<SubscriptionNotice> Reader => channel.Reader;

    /// <summary>Notices that nobody read in time.</summary>
    public long Dropped => Interlocked.Read(ref dropped);

    /// <summary>Adds a notice behind everything owed; waits for room where the mode says so.</summary>
    public async ValueTask WriteAsync(SubscriptionNotice notice, CancellationToken cancellation)
    {
        while (TakeOwed() is { } first) await channel.Writer.WriteAsync(first, cancellation);
        await channel.Writer.WriteAsync(notice, cancellation);
    }

    /// <summary>Adds a notice without waiting; without room it is owed until there is.</summary>
    public void Post(SubscriptionNotice notice)
    {
        lock (gate)
        {
            if (owed.Count == MostOwed)
            {
                owed.Dequeue();
                dropped++;
            }

            owed.Enqueue(notice);
        }

        Flush();
    }

    /// <summary>Adds what is owed as far as there is room.</summary>
    public void Flush()
    {
        lock (gate)
        {
            while (owed.TryPeek(out var first) && channel.Writer.TryWrite(first)) owed.Dequeue();
        }
    }

    /// <summary>Nothing more comes.</summary>
    public void Complete() => channel.Writer.TryComplete();

    private SubscriptionNotice? TakeOwed()
    {
        lock (gate) return owed.TryDequeue(out var first) ? first : null;
    }
}
