using System.Buffers.Binary;
using EdgeTwin.OpcUa.Encoding;
using EdgeTwin.OpcUa.Schema;

namespace EdgeTwin.OpcUa.Channel;

/// <summary>
/// One frame in the receive buffer, changed in place when it is decrypted.
/// <code>
/// 0  3 letters  MessageType      3  1 letter  F, C or A      4  UInt32  size of the frame, these 8 bytes included
/// </code>
/// </summary>
internal readonly struct Frame(MessageType type, ChunkKind kind, byte[] buffer, int offset, int length)
{
    public const int HeaderBytes = 8;

    public MessageType Type => type;

    public ChunkKind Kind => kind;

    public byte[] Buffer => buffer;

    public int Offset => offset;

    public int Length => length;

    public Span<byte> Span => buffer.AsSpan(offset, length);

    /// <summary>Reads a header whose bytes have all arrived, and refuses what this library cannot be sent.</summary>
    /// <exception cref="OpcUaException">The type is unknown, or the size is not possible or not allowed.</exception>
    public static Frame Read(byte[] buffer, int offset, int largest)
    {
        var header = buffer.AsSpan(offset, HeaderBytes);
        var word = BinaryPrimitives.ReadUInt32LittleEndian(header);
        var type = (MessageType)(word & 0xFF_FFFF);
        var kind = (ChunkKind)(word >> 24);
        if (!IsKnown(type, kind))
            throw new OpcUaException(StatusCodes.BadTcpMessageTypeInvalid, $"no frame begins with 0x{word:X8}");
        var size = BinaryPrimitives.ReadUInt32LittleEndian(header[4..]);
        if (size < HeaderBytes)
            throw new OpcUaException(StatusCodes.BadDecodingError, $"a frame of {size} bytes, its header has 8");
        if (size > largest)
            throw new OpcUaException(StatusCodes.BadTcpMessageTooLarge,
                $"a frame of {size} bytes, {largest} are allowed here");
        return new Frame(type, kind, buffer, offset, (int)size);
    }

    /// <summary>Writes a header.</summary>
    public static void Write(Span<byte> frame, MessageType type, ChunkKind kind)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(frame, (uint)type | (uint)kind << 24);
        BinaryPrimitives.WriteUInt32LittleEndian(frame[4..], (uint)frame.Length);
    }

    // Only the pieces of service messages come in kinds; everything else is one frame.
    private static bool IsKnown(MessageType type, ChunkKind kind) => type switch
    {
        MessageType.Message => kind is ChunkKind.Final or ChunkKind.Intermediate or ChunkKind.Abort,
        MessageType.Hello or MessageType.Acknowledge or MessageType.Error or MessageType.ReverseHello
            or MessageType.Open or MessageType.Close => kind is ChunkKind.Final,
        _ => false,
    };
}
