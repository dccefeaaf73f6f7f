using EdgeTwin.OpcUa.Encoding;
using EdgeTwin.OpcUa.Schema;

namespace EdgeTwin.OpcUa.Channel;

/// <summary>Waits for the OPN that issues the first token.</summary>
internal sealed class OpenPhase(ServerPhaseContext context, TransportLimits limits, string? endpointUrl, TimeSpan now)
    : ServerPhase
{
    public override int MaxFrame => Math.Min(context.Limits.MaxOpenSize, limits.ReceiveBufferSize);

    public override TimeSpan DueAt { get; } = now + context.Limits.OpenTimeout;

    public override ServerPhase? Receive(in Frame frame, TimeSpan now)
    {
        if (frame.Type == MessageType.Close) return null;
        if (frame.Type != MessageType.Open)
            throw new OpcUaException(StatusCodes.BadTcpMessageTypeInvalid, $"{frame.Type} where OPN is due");
        var opening = new ServerOpening(context, limits);
        var (channel, info) = opening.Issue(frame, endpointUrl, now);
        context.Events.OnOpened(channel, info);
        return new SecuredPhase(context, limits, opening, channel, info);
    }
}
