using EdgeTwin.OpcUa.Channel;
using EdgeTwin.OpcUa.Schema;
using EdgeTwin.OpcUa.Types;

namespace EdgeTwin.OpcUa.Client.Transport;

/// <summary>A secure channel over TCP.</summary>
internal sealed class ChannelTransport(ClientConnection connection) : IClientTransport
{
    public Task<StatusCode> Closed => connection.Closed;

    public ValueTask<TResponse> SendAsync<TRequest, TResponse>(
        TRequest request, TimeSpan timeout, CancellationToken cancellation)
        where TRequest : IServiceRequest
        where TResponse : IServiceResponse, IStructure<TResponse> =>
        connection.SendAsync<TRequest, TResponse>(request, timeout, cancellation);

    public ValueTask DisposeAsync() => connection.DisposeAsync();
}
