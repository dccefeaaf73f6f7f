using EdgeTwin.OpcUa.Encoding;
using EdgeTwin.OpcUa.Schema;

namespace EdgeTwin.OpcUa.Channel;

/// <summary>The channel is open: responses and renewals.</summary>
internal sealed class ClientSecuredPhase(
    ClientPhaseContext context, TransportLimits limits, SecureChannel channel, ClientOpening opening) : ClientPhase
{
    public override int MaxFrame => limits.ReceiveBufferSize;

    public override ClientPhase Receive(in Frame frame, TimeSpan now)
    {
        switch (frame.Type)
        {
            case MessageType.Message:
                Take(channel.Receive(frame, now, context.Output));
                return this;
            case MessageType.Open:
                opening.Accept(frame, now);
                context.Events.OnRenewed();
                return this;
            default:
                throw new OpcUaException(StatusCodes.BadTcpMessageTypeInvalid,
                    $"{frame.Type} where responses are due");
        }
    }

    public override void Dispose()
    {
        opening.Dispose();
        channel.Dispose();
        base.Dispose();
    }

    private void Take(in ReceivedChunk chunk)
    {
        if (chunk.Kind == ReceivedKind.Message)
        {
            context.Events.OnResponse(chunk.RequestId, chunk.Body);
            channel.Release();
        }
        else if (chunk.Kind == ReceivedKind.Aborted)
        {
            context.Events.OnAborted(chunk.RequestId, ErrorMessage.Read(chunk.Body));
        }
    }
}
