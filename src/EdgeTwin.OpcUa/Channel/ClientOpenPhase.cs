using EdgeTwin.OpcUa.Encoding;
using EdgeTwin.OpcUa.Schema;

namespace EdgeTwin.OpcUa.Channel;

/// <summary>Has asked for the first token and waits for it.</summary>
internal sealed class ClientOpenPhase : ClientPhase
{
    private readonly ClientPhaseContext context;
    private readonly TransportLimits limits;
    private readonly SecureChannel channel;
    private readonly ClientOpening opening;

    public ClientOpenPhase(ClientPhaseContext context, in TransportLimits limits)
    {
        (this.context, this.limits) = (context, limits);
        channel = new SecureChannel(
            context.Security.Policy, context.Security.Mode, isServer: false, limits, context.Budget);
        opening = new ClientOpening(context, channel);
        opening.Request(SecurityTokenRequestType.Issue, 1);
    }

    public override int MaxFrame => limits.ReceiveBufferSize;

    public override ClientPhase Receive(in Frame frame, TimeSpan now)
    {
        if (frame.Type != MessageType.Open)
            throw new OpcUaException(StatusCodes.BadTcpMessageTypeInvalid, $"{frame.Type} where OPN is due");
        opening.Accept(frame, now);
        var security = context.Security;
        context.Events.OnOpened(channel, opening, new ChannelInfo(
            channel.Id, security.Policy, security.Mode, context.Server, security.Own, context.EndpointUrl));
        return new ClientSecuredPhase(context, limits, channel, opening);
    }

    public override void Dispose()
    {
        opening.Dispose();
        channel.Dispose();
        base.Dispose();
    }
}
