using System.Buffers;

namespace EdgeTwin.OpcUa.Channel;

/// <summary>An answer in pooled memory: dispose it once it is decoded.</summary>
public sealed class ReceivedMessage : IDisposable
{
    private readonly int length;
    private byte[]? bytes;

    internal ReceivedMessage(ReadOnlySpan<byte> message)
    {
        length = message.Length;
        bytes = ArrayPool<byte>.Shared.Rent(length);
        message.CopyTo(bytes);
    }

    /// <summary>Id of the encoding and the fields.</summary>
    /// <exception cref="ObjectDisposedException">It was disposed.</exception>
    public ReadOnlySpan<byte> Body =>
        (bytes ?? throw new ObjectDisposedException(nameof(ReceivedMessage))).AsSpan(0, length);

    /// <summary>Gives the memory back.</summary>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref bytes, null) is { } own) ArrayPool<byte>.Shared.Return(own);
    }
}
