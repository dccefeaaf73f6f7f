using EdgeTwin.Tags;

namespace EdgeTwin.Sources;

/// <summary>
/// The inbox as one connection of a driver sees it. It tells the runner what passes, and once the connection is given
/// up nothing passes any more: a straggler must not turn a lost tag good.
/// </summary>
internal sealed class ConnectionInbox(ISampleInbox inbox, Action<int> passing) : ISampleInbox
{
    private volatile bool closed;

    public ValueTask PostAsync(SampleBatch batch, CancellationToken cancellation)
    {
        if (closed || batch.Count == 0)
        {
            batch.Return();
            return closed
                ? ValueTask.FromException(new OperationCanceledException("this connection was given up"))
                : ValueTask.CompletedTask;
        }

        passing(batch.Count);
        return inbox.PostAsync(batch, cancellation);
    }

    public void Close() => closed = true;
}
