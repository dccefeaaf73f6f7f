using EdgeTwin.OpcUa.Encoding;
using EdgeTwin.OpcUa.Schema;

namespace EdgeTwin.OpcUa.Channel;

/// <summary>Has said HEL and waits for ACK.</summary>
internal sealed class ClientHelloPhase : ClientPhase
{
    private readonly ClientPhaseContext context;

    public ClientHelloPhase(ClientPhaseContext context)
    {
        this.context = context;
        var own = context.Limits;
        var announced = new AnnouncedLimits(
            TransportLimits.ProtocolVersion, (uint)own.ReceiveBufferSize, (uint)own.SendBufferSize,
            (uint)own.MaxMessageSize, (uint)own.MaxChunkCount);
        lock (context.Output.Gate) new HelloMessage(announced, context.EndpointUrl).Write(context.Output);
    }

    // Nothing but ACK and ERR may come now.
    public override int MaxFrame => ChannelLimits.SmallestBuffer;

    public override ClientPhase Receive(in Frame frame, TimeSpan now)
    {
        if (frame.Type != MessageType.Acknowledge)
            throw new OpcUaException(StatusCodes.BadTcpMessageTypeInvalid, $"{frame.Type} where ACK is due");
        var limits = TransportLimits.OfClient(context.Limits, AcknowledgeMessage.Read(frame.Span).Limits);
        context.Events.OnNegotiated(limits);
        return new ClientOpenPhase(context, limits);
    }
}
