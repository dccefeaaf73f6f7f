using EdgeTwin.Tags;

namespace EdgeTwin.Sources;

/// <summary>
/// The contract of a driver. It is dumb: it connects, reads, and closes. <c>SourceRunner</c> owns retry, back-off,
/// the scan schedule, quality on loss, logging and metrics, and calls one method at a time.
/// <list type="bullet">
/// <item>Any exception from <see cref="ConnectAsync"/> or <see cref="ReadAsync"/> means that the connection is lost:
/// the runner disposes the source, marks its tags BadNoCommunication once, and makes a new one after the
/// back-off.</item>
/// <item>What fails for one address only is not an exception but a bad sample of that tag, with the code that says why;
/// its neighbours are not touched.</item>
/// <item>A call that outlasts the source's time-out without progress is the driver's to end, with a
/// TimeoutException.</item>
/// </list>
/// </summary>
internal interface ISource : IAsyncDisposable
{
    /// <summary>Opens the connection.</summary>
    ValueTask ConnectAsync(CancellationToken cancellation);

    /// <summary>
    /// Polled sources: reads every tag once and posts a batch per answer, so that no value waits for another.
    /// Sources that are told of changes: posts batches as they come, until cancelled.
    /// </summary>
    ValueTask ReadAsync(ISampleInbox inbox, CancellationToken cancellation);
}
