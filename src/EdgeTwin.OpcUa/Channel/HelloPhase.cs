using EdgeTwin.OpcUa.Encoding;
using EdgeTwin.OpcUa.Schema;

namespace EdgeTwin.OpcUa.Channel;

/// <summary>Waits for HEL; nothing larger is taken in, and nothing is kept of a client that does not send it.</summary>
internal sealed class HelloPhase(ServerPhaseContext context, TimeSpan now) : ServerPhase
{
    public override int MaxFrame => HelloMessage.MaxBytes;

    public override TimeSpan DueAt { get; } = now + context.Limits.HelloTimeout;

    public override ServerPhase Receive(in Frame frame, TimeSpan now)
    {
        if (frame.Type != MessageType.Hello)
            throw new OpcUaException(StatusCodes.BadTcpMessageTypeInvalid, $"{frame.Type} where HEL is due");
        var hello = HelloMessage.Read(frame.Span);
        // A client of a later protocol version goes by our answer (OPC 10000-6 §7.1.2.3).
        var limits = TransportLimits.OfServer(context.Limits, hello.Limits);
        lock (context.Output.Gate) new AcknowledgeMessage(limits.Announced()).Write(context.Output);
        context.Events.OnNegotiated(limits);
        return new OpenPhase(context, limits, hello.EndpointUrl, now);
    }
}
