using EdgeTwin.OpcUa.Schema;

namespace EdgeTwin.OpcUa.Channel;

/// <summary>
/// RHE (OPC 10000-6 §7.1.2.6): a server that dialled says who it is.
/// <code>
/// 8  String  application uri of the server      then  String  endpoint url for the client's HEL
/// </code>
/// </summary>
internal readonly record struct ReverseHelloMessage(string? ServerUri, string? EndpointUrl)
{
    public const int MaxBytes = Frame.HeaderBytes + 8 + 2 * HelloMessage.MaxUrlBytes;

    public static ReverseHelloMessage Read(ReadOnlySpan<byte> frame)
    {
        var uri = TextField.Read(frame, Frame.HeaderBytes, HelloMessage.MaxUrlBytes,
            StatusCodes.BadTcpEndpointUrlInvalid, out var next);
        var url = TextField.Read(frame, next, HelloMessage.MaxUrlBytes, StatusCodes.BadTcpEndpointUrlInvalid, out _);
        return new ReverseHelloMessage(uri, url);
    }

    public void Write(IChunkSink sink)
    {
        var uriBytes = TextField.Bytes(ServerUri);
        var frame = sink.Reserve(Frame.HeaderBytes + uriBytes + TextField.Bytes(EndpointUrl)).AsSpan();
        Frame.Write(frame, MessageType.ReverseHello, ChunkKind.Final);
        TextField.Write(frame[Frame.HeaderBytes..], ServerUri);
        TextField.Write(frame[(Frame.HeaderBytes + uriBytes)..], EndpointUrl);
    }
}
