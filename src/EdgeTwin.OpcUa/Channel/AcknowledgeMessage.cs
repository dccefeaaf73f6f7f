using EdgeTwin.OpcUa.Encoding;
using EdgeTwin.OpcUa.Schema;

namespace EdgeTwin.OpcUa.Channel;

/// <summary>ACK (OPC 10000-6 §7.1.2.4): the limits as the server will keep them, seen from the server.</summary>
internal readonly record struct AcknowledgeMessage(AnnouncedLimits Limits)
{
    public static AcknowledgeMessage Read(ReadOnlySpan<byte> frame) =>
        frame.Length < AnnouncedLimits.End
            ? throw new OpcUaException(StatusCodes.BadDecodingError, $"an ACK of {frame.Length} bytes")
            : new AcknowledgeMessage(AnnouncedLimits.Read(frame));

    public void Write(IChunkSink sink)
    {
        var frame = sink.Reserve(AnnouncedLimits.End).AsSpan();
        Frame.Write(frame, MessageType.Acknowledge, ChunkKind.Final);
        Limits.Write(frame);
    }
}
