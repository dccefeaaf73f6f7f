using System.Buffers.Binary;
using EdgeTwin.OpcUa.Encoding;
using EdgeTwin.OpcUa.Schema;

namespace EdgeTwin.OpcUa.Channel;

/// <summary>
/// ACK (OPC 10000-6 §7.1.2.4): the limits as the server will keep them, seen from the server.
/// <code>
///  8  UInt32  protocol version         12  UInt32  receive buffer size      16  UInt32  send buffer size
/// 20  UInt32  largest message, 0: any  24  UInt32  most chunks, 0: any
/// </code>
/// </summary>
internal readonly record struct AcknowledgeMessage(
    uint ProtocolVersion, uint ReceiveBufferSize, uint SendBufferSize, uint MaxMessageSize, uint MaxChunkCount)
{
    private const int Bytes = 28;

    public static AcknowledgeMessage Read(ReadOnlySpan<byte> frame) =>
        frame.Length < Bytes
            ? throw new OpcUaException(StatusCodes.BadDecodingError, $"an ACK of {frame.Length} bytes")
            : new AcknowledgeMessage(
                BinaryPrimitives.ReadUInt32LittleEndian(frame[8..]),
                BinaryPrimitives.ReadUInt32LittleEndian(frame[12..]),
                BinaryPrimitives.ReadUInt32LittleEndian(frame[16..]),
                BinaryPrimitives.ReadUInt32LittleEndian(frame[20..]),
                BinaryPrimitives.ReadUInt32LittleEndian(frame[24..]));

    public void Write(IChunkSink sink)
    {
        var frame = sink.Reserve(Bytes).AsSpan();
        Frame.Write(frame, MessageType.Acknowledge, ChunkKind.Final);
        BinaryPrimitives.WriteUInt32LittleEndian(frame[8..], ProtocolVersion);
        BinaryPrimitives.WriteUInt32LittleEndian(frame[12..], ReceiveBufferSize);
        BinaryPrimitives.WriteUInt32LittleEndian(frame[16..], SendBufferSize);
        BinaryPrimitives.WriteUInt32LittleEndian(frame[20..], MaxMessageSize);
        BinaryPrimitives.WriteUInt32LittleEndian(frame[24..], MaxChunkCount);
    }
}
