using System.Net;
using System.Net.Sockets;
using EdgeTwin.OpcUa.Encoding;
using EdgeTwin.OpcUa.Schema;
using EdgeTwin.OpcUa.Types;

namespace EdgeTwin.OpcUa.Channel;

#pragma warning disable CA1001 // its loop disposes what it owns, when it ends
/// <summary>
/// One client of a server: carries the phases over a socket. One loop receives, handles every complete frame before it
/// receives again, and sends the answers of one receive together. It has no timer; the listener looks after its
/// deadlines.
/// </summary>
public sealed class ServerConnection : IServerConnection, IServerPhaseEvents
#pragma warning restore CA1001
{
    private const int LargestKeptBuffer = 128 * 1024;
    private const int FlushBytes = 16 * 1024;

    private readonly Socket socket;
    private readonly IServerConnectionHandler handler;
    private readonly ConnectionLog log;
    private readonly ChannelLimits limits;
    private readonly TimeProvider time;
    private readonly SendQueue output;
    private readonly FrameBuffer input = new(HelloMessage.MaxBytes);
    private ServerPhase phase;
    private SecureChannel? channel;
    private ChannelInfo? info;
    private MessageBuffer? spare;
    private long dueAt;
    private TimeSpan? partSince;
    private int maxResponseSize;
    private bool saidHello;
    private int closing;
    private uint reason;

    internal ServerConnection(
        Socket socket, IServerConnectionHandler handler, IServerSecurity security, ChannelLimits limits,
        MemoryBudget budget, ChannelIds ids, ConnectionLog log, TimeProvider time)
    {
        (this.socket, this.handler, this.limits, this.log, this.time) = (socket, handler, limits, log, time);
        output = new SendQueue(socket, limits, time);
        phase = new HelloPhase(
            new ServerPhaseContext(output, this, security, limits, budget, ids, time), time.Monotonic());
        dueAt = phase.DueAt.Ticks;
        maxResponseSize = limits.MaxMessageSize;
        Remote = RemoteOf(socket);
    }

    /// <summary>What was agreed when the channel was opened.</summary>
    /// <exception cref="InvalidOperationException">The channel is not open yet.</exception>
    public ChannelInfo Channel => info ?? throw new InvalidOperationException("the channel is not open yet");

    /// <summary>Address of the client; null when it was gone before it could be asked for.</summary>
    public EndPoint? Remote { get; }

    /// <summary>Bytes that the client has not taken yet.</summary>
    public int PendingBytes => output.PendingBytes;

    /// <summary>Whether so much waits that nothing should be added that can come later.</summary>
    public bool IsCongested => output.IsCongested;

    /// <summary>Set by the server while a session uses the channel: when connections run short, the others are dropped
    /// first (OPC 10000-4 §5.5.2.1).</summary>
    public bool HasSession { get; set; }

    internal bool IsOpen => Volatile.Read(ref info) is not null;

    internal bool HasSaidHello => Volatile.Read(ref saidHello);

    /// <summary>A buffer for an answer, as large as the client takes; given back by <see cref="Send"/>, or
    /// disposed.</summary>
    public MessageBuffer RentBuffer() => Interlocked.Exchange(ref spare, null) ?? MessageBuffer.Rent(maxResponseSize);

    /// <summary>Sends an answer, from any thread, and takes its buffer. Never waits: what the client does not take
    /// yet is
    /// queued. An answer larger than the client takes is replaced by a fault <c>BadResponseTooLarge</c>.</summary>
    public void Send(uint requestId, MessageBuffer message)
    {
        ArgumentNullException.ThrowIfNull(message);
        lock (output.Gate)
        {
            if (!output.IsFinished && channel is not null) Write(channel, requestId, message.Written);
        }

        Keep(message);
        output.Flush();
        if (output.PendingBytes > limits.SendQueueLimit)
            Drop(StatusCodes.BadTcpNotEnoughResources, "the client does not read its answers");
    }

    /// <summary>Tells the client why, and closes the connection.</summary>
    /// <param name="status">A bad code.</param>
    /// <param name="text">The reason for the client and the log; for failed security checks only for the log.</param>
    public void Abort(StatusCode status, string text)
    {
        if (!BeginClosing(status)) return;
        log.Refused(Remote, status, text, IsOpen);
        lock (output.Gate)
        {
            // What exactly was wrong with keys and signatures helps only those who try.
            var told = status == StatusCodes.BadSecurityChecksFailed ? null : text;
            if (!output.IsFinished) new ErrorMessage(status, told).WriteFrame(output);
        }

        Volatile.Write(ref dueAt, (time.Monotonic() + limits.LingerTimeout).Ticks);
        output.Finish();
    }

    /// <summary>Closes the connection without a word.</summary>
    internal void Drop(StatusCode status, string text)
    {
        if (BeginClosing(status)) log.Refused(Remote, status, text, IsOpen);
        output.Break();
        socket.Dispose();
    }

    /// <summary>Ends the connection when its peer is late; called about once a second.</summary>
    internal void CheckDeadlines(TimeSpan now)
    {
        if (output.BlockedSince is { } blocked && now - blocked > limits.SendTimeout)
            Drop(StatusCodes.BadTimeout, "the client does not read its answers");
        if (now.Ticks <= Volatile.Read(ref dueAt)) return;
        if (Volatile.Read(ref closing) != 0) socket.Dispose();
        else if (IsOpen) Abort(StatusCodes.BadTimeout, "a frame, a message or a renewal did not come in time");
        else Abort(StatusCodes.BadTimeout, "HEL and OPN did not come in time");
    }

    /// <summary>Says who we are to a client that we have dialled.</summary>
    internal void SayReverseHello(in ReverseHelloMessage hello)
    {
        lock (output.Gate) hello.Write(output);
        output.Flush();
    }

    /// <summary>Turns the client away; the connection was never run.</summary>
    internal void Refuse()
    {
        Abort(StatusCodes.BadTcpServerTooBusy, "all connections of the server are in use");
        socket.Dispose();
        output.Break();
        input.Dispose();
    }

    /// <summary>Receives until the connection ends.</summary>
    internal async Task RunAsync()
    {
        try
        {
            while (true)
            {
                var count = await socket.ReceiveAsync(input.Free(), SocketFlags.None);
                if (count == 0) break;
                input.Add(count);
                while (!HandleFrames()) await output.DrainedAsync();
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            BeginClosing(StatusCodes.BadConnectionClosed);
        }

        await EndAsync();
    }

    void IServerPhaseEvents.OnNegotiated(in TransportLimits agreed)
    {
        input.Resize(agreed.ReceiveBufferSize);
        output.SetSegmentSize(agreed.SendBufferSize);
        maxResponseSize = agreed.MaxSendMessageSize;
        Volatile.Write(ref saidHello, true);
    }

    void IServerPhaseEvents.OnOpened(SecureChannel opened, ChannelInfo openedInfo)
    {
        lock (output.Gate) channel = opened;
        Volatile.Write(ref info, openedInfo);
        handler.OnOpened(this);
    }

    void IServerPhaseEvents.OnRequest(uint requestId, ReadOnlySpan<byte> message) =>
        handler.OnRequest(this, requestId, message);

    private static EndPoint? RemoteOf(Socket socket)
    {
        try
        {
            return socket.RemoteEndPoint;
        }
        catch (SocketException)
        {
            return null;
        }
    }

    // False when the client must take answers first; the frames stay where they are.
    private bool HandleFrames()
    {
        if (Volatile.Read(ref closing) != 0)
        {
            input.Clear();
            return true;
        }

        output.Cork();
        try
        {
            var now = time.Monotonic();
            var handled = false;
            while (input.TryTake(phase.MaxFrame, out var frame))
            {
                handled = true;
                if (phase.Receive(frame, now) is not { } next)
                {
                    if (BeginClosing(StatusCodes.Good)) output.Finish();
                    break;
                }

                phase = next;
                if (Volatile.Read(ref closing) != 0) break;
                if (output.PendingBytes > FlushBytes) output.FlushNow();
                if (output.IsCongested) return false;
            }

            SetDeadline(now, handled);
        }
        catch (OpcUaException e)
        {
            Abort(e.Status, e.Message);
        }
        // The handler is not ours: whatever it throws may end this connection, but never the server.
#pragma warning disable CA1031
        catch (Exception e)
#pragma warning restore CA1031
        {
            log.HandlerFailed(e);
            Abort(StatusCodes.BadInternalError, "the server failed");
        }
        finally
        {
            output.Uncork();
        }

        return true;
    }

    private void SetDeadline(TimeSpan now, bool handled)
    {
        if (!input.HasPart) partSince = null;
        else if (handled || partSince is null) partSince = now;
        var due = phase.DueAt;
        if (partSince is { } since && since + limits.FrameTimeout < due) due = since + limits.FrameTimeout;
        if (Volatile.Read(ref closing) == 0) Volatile.Write(ref dueAt, due.Ticks);
    }

    private bool BeginClosing(StatusCode status)
    {
        if (Interlocked.Exchange(ref closing, 1) != 0) return false;
        reason = status.Value;
        Volatile.Write(ref dueAt, (time.Monotonic() + limits.LingerTimeout).Ticks);
        return true;
    }

    private async ValueTask EndAsync()
    {
        BeginClosing(StatusCodes.BadConnectionClosed);
        socket.Dispose();
        await output.DisposeAsync();
        input.Dispose();
        Interlocked.Exchange(ref spare, null)?.Dispose();
        try
        {
            if (IsOpen) handler.OnClosed(this, reason);
        }
#pragma warning disable CA1031 // the handler is not ours
        catch (Exception e)
#pragma warning restore CA1031
        {
            log.HandlerFailed(e);
        }

        phase.Dispose();
    }

    private void Write(SecureChannel open, uint requestId, ReadOnlySpan<byte> message)
    {
        if (open.Takes(message.Length))
        {
            open.Write(output, MessageType.Message, requestId, message);
            return;
        }

        using var fault = MessageBuffer.Rent(4096);
        ServiceFaults.WriteTooLarge(fault, message, time.GetUtcNow().UtcDateTime);
        open.Write(output, MessageType.Message, requestId, fault.Written);
    }

    private void Keep(MessageBuffer message)
    {
        if (message.Length > LargestKeptBuffer || Volatile.Read(ref closing) != 0)
        {
            message.Dispose();
            return;
        }

        message.Reset();
        Interlocked.Exchange(ref spare, message)?.Dispose();
    }
}
