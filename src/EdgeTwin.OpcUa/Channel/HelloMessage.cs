using EdgeTwin.OpcUa.Encoding;
using EdgeTwin.OpcUa.Schema;

namespace EdgeTwin.OpcUa.Channel;

/// <summary>HEL (OPC 10000-6 §7.1.2.3): the client's limits, and from byte 28 the endpoint url as a String.</summary>
internal readonly record struct HelloMessage(AnnouncedLimits Limits, string? EndpointUrl)
{
    public const int MaxUrlBytes = 4096;
    public const int MaxBytes = 32 + MaxUrlBytes;

    public static HelloMessage Read(ReadOnlySpan<byte> frame)
    {
        // A frame that is too short for the url is too short for what stands before it.
        var url = TextField.Read(
            frame, AnnouncedLimits.End, MaxUrlBytes, StatusCodes.BadTcpEndpointUrlInvalid, out _);
        return new HelloMessage(AnnouncedLimits.Read(frame), url);
    }

    /// <exception cref="OpcUaException">The url is longer than HEL allows.</exception>
    public void Write(IChunkSink sink)
    {
        var size = AnnouncedLimits.End + TextField.Bytes(EndpointUrl);
        if (size > MaxBytes)
            throw new OpcUaException(StatusCodes.BadTcpEndpointUrlInvalid, "the endpoint url passes 4096 bytes");
        var frame = sink.Reserve(size).AsSpan();
        Frame.Write(frame, MessageType.Hello, ChunkKind.Final);
        Limits.Write(frame);
        TextField.Write(frame[AnnouncedLimits.End..], EndpointUrl);
    }
}
