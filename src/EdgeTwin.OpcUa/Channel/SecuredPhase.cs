using EdgeTwin.OpcUa.Encoding;
using EdgeTwin.OpcUa.Schema;

namespace EdgeTwin.OpcUa.Channel;

/// <summary>The channel is open: requests, renewals, and the end.</summary>
internal sealed class SecuredPhase(
    ServerPhaseContext context, TransportLimits limits, ServerOpening opening, SecureChannel channel, ChannelInfo info)
    : ServerPhase
{
    public override int MaxFrame => limits.ReceiveBufferSize;

    public override TimeSpan DueAt
    {
        get
        {
            var ends = channel.EndsAt;
            if (channel.IncompleteSince is not { } since) return ends;
            var complete = since + context.Limits.MessageTimeout;
            return complete < ends ? complete : ends;
        }
    }

    public override ServerPhase? Receive(in Frame frame, TimeSpan now)
    {
        switch (frame.Type)
        {
            case MessageType.Message or MessageType.Close:
                return Take(channel.Receive(frame, now, context.Output)) ? this : null;
            case MessageType.Open:
                opening.Renew(frame, channel, info, now);
                return this;
            default:
                throw new OpcUaException(StatusCodes.BadTcpMessageTypeInvalid,
                    $"{frame.Type} where requests are due");
        }
    }

    public override void Dispose()
    {
        channel.Dispose();
        info.Peer?.Dispose();
        base.Dispose();
    }

    private bool Take(in ReceivedChunk chunk)
    {
        if (chunk.Kind != ReceivedKind.Message) return chunk.Kind != ReceivedKind.Closed;
        context.Events.OnRequest(chunk.RequestId, chunk.Body);
        channel.Release();
        return true;
    }
}
