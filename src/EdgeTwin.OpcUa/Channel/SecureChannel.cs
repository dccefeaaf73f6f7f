using EdgeTwin.OpcUa.Encoding;
using EdgeTwin.OpcUa.Schema;
using EdgeTwin.OpcUa.Security;

namespace EdgeTwin.OpcUa.Channel;

/// <summary>
/// A secure channel once it is open (OPC 10000-6 §6.7), without I/O: chunks and the time go in, messages come out, and
/// chunks are written to a sink. One thread at a time receives; who sends holds the gate of the sink.
/// <para>Tokens: <c>current</c> is the one the peer uses. A server that has issued the next one keeps both until the
/// first chunk with the new one arrives, and sends with the old one until then. A client uses the new one at once, and
/// takes chunks with the old one until the server has begun to use the new one. The old token ends at 125 % of its
/// lifetime in any case (OPC 10000-4 §5.5.2.1).</para>
/// </summary>
internal sealed class SecureChannel : IDisposable
{
    private readonly TransportLimits limits;
    private readonly bool isServer;
    private readonly MessageAssembler assembler;
    private readonly int maxBody;
    private ReceiveSequence receiveSequence;
    private SendSequence sendSequence;
    private SecurityToken? current;   // of the receive loop
    private SecurityToken? next;      // of the receive loop; issued or received, not yet used by the peer
    private SecurityToken? sending;   // guarded by the sink's gate

    public SecureChannel(
        SecurityPolicy policy, MessageSecurityMode mode, bool isServer, in TransportLimits limits, MemoryBudget budget,
        uint? firstSequence = null)
    {
        (Policy, Mode, this.isServer, this.limits) = (policy, mode, isServer, limits);
        assembler = new MessageAssembler(limits.MaxReceiveMessageSize, limits.MaxReceiveChunkCount, budget);
        maxBody = SymmetricChunk.MaxBody(policy, mode, limits.SendBufferSize);
        receiveSequence = new ReceiveSequence(policy.HasLegacySequenceNumbers);
        sendSequence = new SendSequence(policy.HasLegacySequenceNumbers, firstSequence);
    }

    /// <summary>The channel's id; 0 at a client until the server has answered.</summary>
    public uint Id { get; set; }

    public SecurityPolicy Policy { get; }

    public MessageSecurityMode Mode { get; }

    /// <summary>When the peer must have renewed, or completed what it has begun.</summary>
    public TimeSpan EndsAt => next?.EndsAt ?? current?.EndsAt ?? TimeSpan.MaxValue;

    /// <summary>Since when a message is incomplete; null when there is none.</summary>
    public TimeSpan? IncompleteSince => assembler.IsOpen ? assembler.OpenedAt : null;

    /// <summary>Takes a token after OPN; a server's renewal is in use once the client uses it.</summary>
    public void Add(SecurityToken token, IChunkSink sink)
    {
        next?.Dispose();
        next = null;
        if (current is null)
        {
            current = token;
            lock (sink.Gate) sending = token;
        }
        else
        {
            next = token;
            if (isServer) return;
            lock (sink.Gate) sending = token;
        }
    }

    /// <summary>Checks the number of an OPN, which the channel counts like any other frame.</summary>
    public void CheckSequence(uint sequence) => receiveSequence.Check(sequence);

    /// <summary>Takes a MSG or CLO chunk.</summary>
    /// <exception cref="OpcUaException">The channel cannot go on.</exception>
    public ReceivedChunk Receive(in Frame frame, TimeSpan now, IChunkSink sink)
    {
        if (frame.Length < SymmetricChunk.BodyAt)
            throw new OpcUaException(StatusCodes.BadDecodingError, $"a chunk of {frame.Length} bytes");
        if (SymmetricChunk.ChannelId(frame) != Id)
            throw new OpcUaException(StatusCodes.BadTcpSecureChannelUnknown, "a chunk of another channel");
        var token = Find(SymmetricChunk.TokenId(frame), now);
        var length = Mode == MessageSecurityMode.None
            ? frame.Length - SymmetricChunk.BodyAt
            : SymmetricChunk.Open(frame, Mode, token.Incoming!);
        receiveSequence.Check(SymmetricChunk.Sequence(frame));
        if (token == next) Promote(sink);
        var request = SymmetricChunk.RequestId(frame);
        ReadOnlySpan<byte> body = frame.Span.Slice(SymmetricChunk.BodyAt, length);
        if (frame.Type == MessageType.Close) return new ReceivedChunk(ReceivedKind.Closed, request, body);
        return Assemble(frame.Kind, request, body, now);
    }

    /// <summary>Forgets the message that <see cref="Receive"/> gave.</summary>
    public void Release()
    {
        if (assembler.IsOpen) assembler.Clear();
    }

    /// <summary>Whether the peer takes a message of so many bytes.</summary>
    public bool Takes(int messageBytes) => messageBytes <= limits.MaxSendMessageSize
        && (messageBytes + maxBody - 1L) / maxBody <= limits.MaxSendChunkCount;

    /// <summary>Writes a message as chunks. The caller holds the gate and has asked <see cref="Takes"/>.</summary>
    public void Write(IChunkSink sink, MessageType type, uint requestId, ReadOnlySpan<byte> message)
    {
        while (message.Length > maxBody)
        {
            WriteChunk(sink, type, ChunkKind.Intermediate, requestId, message[..maxBody]);
            message = message[maxBody..];
        }

        WriteChunk(sink, type, ChunkKind.Final, requestId, message);
    }

    /// <summary>Tells the peer that a message will not come or not end. The caller holds the gate.</summary>
    public void WriteAbort(IChunkSink sink, uint requestId, in ErrorMessage error)
    {
        Span<byte> body = stackalloc byte[ErrorMessage.MaxReasonBytes + 4];
        error.Write(body);
        WriteChunk(sink, MessageType.Message, ChunkKind.Abort, requestId, body[..error.Bytes]);
    }

    /// <summary>Writes an OPN. The caller holds the gate.</summary>
    public void WriteOpen(
        IChunkSink sink, OwnCertificate? own, PeerCertificate? peer, uint requestId, ReadOnlySpan<byte> body) =>
        AsymmetricChunk.Write(
            sink, Policy, own, peer, Id, sendSequence.Next(), requestId, body, limits.SendBufferSize);

    public void Dispose()
    {
        assembler.Dispose();
        current?.Dispose();
        next?.Dispose();
    }

    private void WriteChunk(
        IChunkSink sink, MessageType type, ChunkKind kind, uint requestId, ReadOnlySpan<byte> body)
    {
        var token = sending!;
        var chunk = sink.Reserve(SymmetricChunk.Length(Policy, Mode, body.Length));
        var span = chunk.AsSpan();
        SymmetricChunk.WriteHeaders(span, type, kind, Id, token.Id, sendSequence.Next(), requestId);
        body.CopyTo(span[SymmetricChunk.BodyAt..]);
        if (Mode != MessageSecurityMode.None) SymmetricChunk.Seal(chunk, body.Length, Mode, token.Outgoing!);
    }

    private SecurityToken Find(uint id, TimeSpan now)
    {
        var token = current!.Id == id ? current : next?.Id == id ? next : null;
        if (token is null || now > token.EndsAt)
            throw new OpcUaException(StatusCodes.BadSecureChannelTokenUnknown,
                token is null ? $"token {id} was not issued, or is no longer valid" : $"token {id} has expired");
        return token;
    }

    // The peer has begun to use the new token: the old one is not needed by anybody any more.
    private void Promote(IChunkSink sink)
    {
        var old = current;
        current = next;
        next = null;
        lock (sink.Gate) sending = current;
        old?.Dispose();
    }

    private ReceivedChunk Assemble(ChunkKind kind, uint request, ReadOnlySpan<byte> body, TimeSpan now)
    {
        switch (kind)
        {
            case ChunkKind.Abort:
                assembler.Abort(request);
                return new ReceivedChunk(ReceivedKind.Aborted, request, body);
            case ChunkKind.Final when !assembler.IsOpen:
                if (body.Length <= limits.MaxReceiveMessageSize)
                    return new ReceivedChunk(ReceivedKind.Message, request, body);
                throw new OpcUaException(StatusCodes.BadTcpMessageTooLarge, $"a message of {body.Length} bytes");
            case ChunkKind.Final:
                assembler.Add(request, body, now);
                return new ReceivedChunk(ReceivedKind.Message, request, assembler.Message);
            default:
                assembler.Add(request, body, now);
                return new ReceivedChunk(ReceivedKind.Part, request, []);
        }
    }
}
