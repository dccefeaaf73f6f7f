using System.Buffers.Binary;
using EdgeTwin.OpcUa.Encoding;
using EdgeTwin.OpcUa.Schema;

namespace EdgeTwin.OpcUa.Channel;

/// <summary>
/// HEL (OPC 10000-6 §7.1.2.3).
/// <code>
///  8  UInt32  protocol version         12  UInt32  receive buffer size      16  UInt32  send buffer size
/// 20  UInt32  largest message, 0: any  24  UInt32  most chunks, 0: any      28  String  endpoint url
/// </code>
/// </summary>
internal readonly record struct HelloMessage(
    uint ProtocolVersion, uint ReceiveBufferSize, uint SendBufferSize, uint MaxMessageSize, uint MaxChunkCount,
    string? EndpointUrl)
{
    public const int MaxUrlBytes = 4096;
    public const int MaxBytes = 32 + MaxUrlBytes;
    private const int UrlAt = 28;

    public static HelloMessage Read(ReadOnlySpan<byte> frame)
    {
        var url = TextField.Read(frame, UrlAt, MaxUrlBytes, StatusCodes.BadTcpEndpointUrlInvalid, out _);
        return new HelloMessage(
            BinaryPrimitives.ReadUInt32LittleEndian(frame[8..]),
            BinaryPrimitives.ReadUInt32LittleEndian(frame[12..]),
            BinaryPrimitives.ReadUInt32LittleEndian(frame[16..]),
            BinaryPrimitives.ReadUInt32LittleEndian(frame[20..]),
            BinaryPrimitives.ReadUInt32LittleEndian(frame[24..]),
            url);
    }

    /// <exception cref="OpcUaException">The url is longer than HEL allows.</exception>
    public void Write(IChunkSink sink)
    {
        var size = UrlAt + TextField.Bytes(EndpointUrl);
        if (size > MaxBytes)
            throw new OpcUaException(StatusCodes.BadTcpEndpointUrlInvalid, "the endpoint url passes 4096 bytes");
        var frame = sink.Reserve(size).AsSpan();
        Frame.Write(frame, MessageType.Hello, ChunkKind.Final);
        BinaryPrimitives.WriteUInt32LittleEndian(frame[8..], ProtocolVersion);
        BinaryPrimitives.WriteUInt32LittleEndian(frame[12..], ReceiveBufferSize);
        BinaryPrimitives.WriteUInt32LittleEndian(frame[16..], SendBufferSize);
        BinaryPrimitives.WriteUInt32LittleEndian(frame[20..], MaxMessageSize);
        BinaryPrimitives.WriteUInt32LittleEndian(frame[24..], MaxChunkCount);
        TextField.Write(frame[UrlAt..], EndpointUrl);
    }
}
