using EdgeTwin.OpcUa.Channel;

namespace EdgeTwin.OpcUa.Client.Transport;

/// <summary>Opens secure channels over TCP.</summary>
internal sealed class ChannelTransportFactory(OpcUaClientOptions options, TimeProvider time) : IClientTransportFactory
{
    public async Task<IClientTransport> ConnectAsync(TransportTarget target, CancellationToken cancellation) =>
        new ChannelTransport(await ClientConnection.ConnectAsync(
            target.Url,
            new ClientSecurity(target.Policy, target.Mode, target.Certificate, target.ServerCertificate),
            new ClientConnectionOptions { ConnectTimeout = options.ConnectTimeout, Limits = options.Limits }, time,
            cancellation));
}
