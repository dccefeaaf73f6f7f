namespace EdgeTwin.OpcUa.Client.Transport;

/// <summary>Opens secure channels: the only place where a client meets sockets.</summary>
internal interface IClientTransportFactory
{
    /// <exception cref="Encoding.OpcUaException">The server cannot be reached, or refuses.</exception>
    Task<IClientTransport> ConnectAsync(TransportTarget target, CancellationToken cancellation);
}
