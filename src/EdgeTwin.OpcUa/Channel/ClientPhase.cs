namespace EdgeTwin.OpcUa.Channel;

/// <summary>One phase of a client's connection: which frames are due and how large they may be. It does no
/// I/O.</summary>
internal abstract class ClientPhase : IDisposable
{
    /// <summary>Largest frame that may come now.</summary>
    public abstract int MaxFrame { get; }

    /// <summary>Takes a frame; ERR has been taken before.</summary>
    /// <returns>The phase that follows, often this one.</returns>
    /// <exception cref="Encoding.OpcUaException">The connection cannot go on.</exception>
    public abstract ClientPhase Receive(in Frame frame, TimeSpan now);

    public virtual void Dispose()
    {
    }
}
