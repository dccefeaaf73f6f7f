namespace EdgeTwin.OpcUa.Channel;

/// <summary>One phase of a server's connection: which frames are due, how large they may be, and until when. It does no
/// I/O: frames and the time go in, frames are written to the sink.</summary>
internal abstract class ServerPhase : IDisposable
{
    /// <summary>Largest frame that may come now.</summary>
    public abstract int MaxFrame { get; }

    /// <summary>When this phase must have got on, in monotonic time.</summary>
    public abstract TimeSpan DueAt { get; }

    /// <summary>Takes a frame.</summary>
    /// <returns>The phase that follows, often this one; null when the client closed the channel.</returns>
    /// <exception cref="Encoding.OpcUaException">The connection cannot go on; its code is the peer's to
    /// know.</exception>
    public abstract ServerPhase? Receive(in Frame frame, TimeSpan now);

    public virtual void Dispose()
    {
    }
}
