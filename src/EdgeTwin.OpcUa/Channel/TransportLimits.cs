using EdgeTwin.OpcUa.Encoding;
using EdgeTwin.OpcUa.Schema;

namespace EdgeTwin.OpcUa.Channel;

/// <summary>What HEL and ACK agreed on, seen from here: the smaller of what both sides said (OPC 10000-6 §7.1.2.3,
/// §7.1.2.4).</summary>
/// <param name="ReceiveBufferSize">Largest frame that the peer may send.</param>
/// <param name="SendBufferSize">Largest frame that the peer takes.</param>
/// <param name="MaxReceiveMessageSize">Largest message that the peer may send.</param>
/// <param name="MaxReceiveChunkCount">Most chunks of a message that the peer may send.</param>
/// <param name="MaxSendMessageSize">Largest message that the peer takes.</param>
/// <param name="MaxSendChunkCount">Most chunks of a message that the peer takes.</param>
internal readonly record struct TransportLimits(
    int ReceiveBufferSize, int SendBufferSize, int MaxReceiveMessageSize, int MaxReceiveChunkCount,
    int MaxSendMessageSize, int MaxSendChunkCount)
{
    public const uint ProtocolVersion = 0;

    public static TransportLimits OfServer(ChannelLimits own, in AnnouncedLimits hello) => new(
        AtMost(own.ReceiveBufferSize, hello.SendBufferSize), AtMost(own.SendBufferSize, hello.ReceiveBufferSize),
        own.MaxMessageSize, own.MaxChunkCount,
        Capped(own.MaxMessageSize, hello.MaxMessageSize), Capped(int.MaxValue, hello.MaxChunkCount));

    /// <exception cref="OpcUaException">The server acknowledged more than it was offered, or less than the least
    /// buffer.</exception>
    public static TransportLimits OfClient(ChannelLimits own, in AnnouncedLimits acknowledged)
    {
        var (send, receive) = (acknowledged.ReceiveBufferSize, acknowledged.SendBufferSize);
        if (receive > own.ReceiveBufferSize || Math.Min(receive, send) < ChannelLimits.SmallestBuffer)
            throw new OpcUaException(StatusCodes.BadTcpInternalError,
                $"the server acknowledged buffers of {send} and {receive} bytes; "
                + $"offered were {own.SendBufferSize} and {own.ReceiveBufferSize}");
        return new(
            (int)receive, AtMost(own.SendBufferSize, send), own.MaxMessageSize, own.MaxChunkCount,
            Capped(int.MaxValue, acknowledged.MaxMessageSize), Capped(int.MaxValue, acknowledged.MaxChunkCount));
    }

    public AnnouncedLimits Announced() => new(
        ProtocolVersion, (uint)ReceiveBufferSize, (uint)SendBufferSize, (uint)MaxReceiveMessageSize,
        (uint)MaxReceiveChunkCount);

    private static int AtMost(int own, uint peer) =>
        (int)Math.Max(Math.Min((uint)own, peer), ChannelLimits.SmallestBuffer);

    // 0 on the wire is "no limit".
    private static int Capped(int own, uint peer) => peer == 0 ? own : (int)Math.Min((uint)own, peer);
}
