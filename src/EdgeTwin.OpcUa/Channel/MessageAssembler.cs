using EdgeTwin.OpcUa.Encoding;
using EdgeTwin.OpcUa.Schema;

namespace EdgeTwin.OpcUa.Channel;

/// <summary>Puts the chunks of one message together, within the limits that were announced. Chunks of two messages are
/// never mixed by a sender (OPC 10000-6 §6.7.2.4), so there is one message at a time.</summary>
internal sealed class MessageAssembler(int maxMessageSize, int maxChunkCount, MemoryBudget budget) : IDisposable
{
    private MessageBuffer? buffer;
    private uint requestId;
    private int chunks;
    private int taken;

    /// <summary>Whether a message has begun that is not complete.</summary>
    public bool IsOpen => buffer is not null;

    /// <summary>When it began.</summary>
    public TimeSpan OpenedAt { get; private set; }

    /// <exception cref="OpcUaException">The message passes a limit, or belongs to another request.</exception>
    public void Add(uint request, ReadOnlySpan<byte> body, TimeSpan now)
    {
        if (buffer is null)
        {
            buffer = MessageBuffer.Rent(maxMessageSize);
            (requestId, chunks, OpenedAt) = (request, 0, now);
        }

        if (request != requestId)
            throw new OpcUaException(StatusCodes.BadTcpMessageTypeInvalid,
                $"a chunk of request {request} between those of request {requestId}");
        if (++chunks > maxChunkCount)
            throw new OpcUaException(StatusCodes.BadTcpMessageTooLarge,
                $"a message of more than {maxChunkCount} chunks");
        if (body.Length > maxMessageSize - buffer.Length)
            throw new OpcUaException(StatusCodes.BadTcpMessageTooLarge,
                $"a message of more than {maxMessageSize} bytes");
        if (!budget.TryTake(body.Length))
            throw new OpcUaException(StatusCodes.BadTcpNotEnoughResources, "too many incomplete messages wait");
        taken += body.Length;
        body.CopyTo(buffer.Take(body.Length));
    }

    /// <summary>The message, valid until the next call.</summary>
    public ReadOnlySpan<byte> Message => buffer is null ? [] : buffer.Written;

    /// <summary>Forgets the message if it is that of the request.</summary>
    public void Abort(uint request)
    {
        if (buffer is not null && request == requestId) Clear();
    }

    /// <summary>Forgets the message.</summary>
    public void Clear()
    {
        buffer?.Dispose();
        buffer = null;
        budget.Return(taken);
        taken = 0;
    }

    public void Dispose() => Clear();
}
