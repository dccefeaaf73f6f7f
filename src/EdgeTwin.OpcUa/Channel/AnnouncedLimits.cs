using System.Buffers.Binary;

namespace EdgeTwin.OpcUa.Channel;

/// <summary>
/// What one side says of itself in HEL and ACK (OPC 10000-6 §7.1.2.3, §7.1.2.4).
/// <code>
///  8  UInt32  protocol version         12  UInt32  receive buffer size      16  UInt32  send buffer size
/// 20  UInt32  largest message, 0: any  24  UInt32  most chunks, 0: any
/// </code>
/// </summary>
internal readonly record struct AnnouncedLimits(
    uint ProtocolVersion, uint ReceiveBufferSize, uint SendBufferSize, uint MaxMessageSize, uint MaxChunkCount)
{
    /// <summary>Where the fields end in the frame.</summary>
    public const int End = 28;

    /// <summary>Reads them from a frame that is long enough.</summary>
    public static AnnouncedLimits Read(ReadOnlySpan<byte> frame) => new(
        BinaryPrimitives.ReadUInt32LittleEndian(frame[8..]),
        BinaryPrimitives.ReadUInt32LittleEndian(frame[12..]),
        BinaryPrimitives.ReadUInt32LittleEndian(frame[16..]),
        BinaryPrimitives.ReadUInt32LittleEndian(frame[20..]),
        BinaryPrimitives.ReadUInt32LittleEndian(frame[24..]));

    public void Write(Span<byte> frame)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(frame[8..], ProtocolVersion);
        BinaryPrimitives.WriteUInt32LittleEndian(frame[12..], ReceiveBufferSize);
        BinaryPrimitives.WriteUInt32LittleEndian(frame[16..], SendBufferSize);
        BinaryPrimitives.WriteUInt32LittleEndian(frame[20..], MaxMessageSize);
        BinaryPrimitives.WriteUInt32LittleEndian(frame[24..], MaxChunkCount);
    }
}
