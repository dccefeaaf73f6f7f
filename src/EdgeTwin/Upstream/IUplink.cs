namespace EdgeTwin.Upstream;

/// <summary>
/// A way to one far side. It encodes, sends and reports proven delivery, and knows nothing of cursors, retries or
/// back-off: those belong to its <see cref="UplinkPump"/>, the only caller. Messages arrive in the order of sending.
/// </summary>
internal interface IUplink : IAsyncDisposable
{
    /// <summary>Where it goes, for people: address without secrets.</summary>
    string Target { get; }

    /// <summary>Messages that may be without proof of delivery at a time.</summary>
    int Window { get; }

    /// <summary>Connects, or connects again after a loss. From then on the observer is told.</summary>
    /// <exception cref="UplinkException">No connection came about, with the reason and what to do.</exception>
    Task ConnectAsync(IUplinkObserver observer, CancellationToken cancellation);

    /// <summary>
    /// Encodes one message from the head of the samples and adds it to what leaves with the next
    /// <see cref="FlushAsync"/>. Returns how many samples it carries, or that the first can never go, or 0 when it
    /// cannot take a message now, which it can again when one that is on its way is proven.
    /// </summary>
    /// <exception cref="UplinkException">The connection is gone.</exception>
    SendOutcome TrySend(SampleRun run, long token);

    /// <summary>Sends what was added.</summary>
    ValueTask FlushAsync();

    /// <summary>Says good-bye in order, within the given time.</summary>
    Task DisconnectAsync(TimeSpan patience);

    /// <summary>Ends the connection at once; pending calls return. May be called from any thread.</summary>
    void Abort();
}
