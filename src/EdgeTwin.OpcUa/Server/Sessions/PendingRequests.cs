using EdgeTwin.OpcUa.Schema;
using EdgeTwin.OpcUa.Types;

namespace EdgeTwin.OpcUa.Server.Sessions;

/// <summary>The requests of a session that go on asynchronously: bounded, and each one held until it is over.</summary>
internal sealed class PendingRequests(int most)
{
    private readonly Lock gate = new();
    private readonly List<PendingRequest> requests = [];

    /// <summary>Whether no more may be begun.</summary>
    public bool IsFull
    {
        get
        {
            lock (gate) return requests.Count >= most;
        }
    }

    /// <summary>Whether none is under way.</summary>
    public bool IsEmpty
    {
        get
        {
            lock (gate) return requests.Count == 0;
        }
    }

    public void Add(PendingRequest request)
    {
        lock (gate) requests.Add(request);
    }

    public void Remove(PendingRequest request)
    {
        lock (gate) requests.Remove(request);
    }

    /// <summary>Cancels those with a handle (OPC 10000-4 §5.7.5).</summary>
    /// <returns>How many there were.</returns>
    public uint Cancel(uint requestHandle)
    {
        var found = Where(request => request.Context.RequestHandle == requestHandle);
        found.ForEach(static request => request.Context.Cancel(StatusCodes.BadRequestCancelledByClient));
        return (uint)found.Count;
    }

    /// <summary>Cancels all.</summary>
    public void CancelAll(StatusCode reason) =>
        Where(static _ => true).ForEach(request => request.Context.Cancel(reason));

    /// <summary>Answers BadTimeout to those whose client does not wait any more.</summary>
    public void Expire(long now) => Where(request => now >= request.Deadline)
        .ForEach(static request => request.Context.Cancel(StatusCodes.BadTimeout));

    /// <summary>Waits for those under way.</summary>
    public Task WhenFinished() => Task.WhenAll(Where(static _ => true).ConvertAll(static request => request.Finished));

    // Cancelling runs other people's code: never under the lock.
    private List<PendingRequest> Where(Predicate<PendingRequest> which)
    {
        lock (gate) return requests.Count == 0 ? [] : requests.FindAll(which);
    }
}
