using EdgeTwin.OpcUa.Schema;
using EdgeTwin.OpcUa.Types;

namespace EdgeTwin.OpcUa.Client.Transport;

/// <summary>An open secure channel, as sessions see it.</summary>
internal interface IClientTransport : IAsyncDisposable
{
    /// <summary>Ends, never fails, with the reason once the channel is gone.</summary>
    Task<StatusCode> Closed { get; }

    /// <summary>Sends a request and waits for its answer. A ServiceFault, a lost channel and a missing answer are
    /// OpcUaExceptions.</summary>
    ValueTask<TResponse> SendAsync<TRequest, TResponse>(
        TRequest request, TimeSpan timeout, CancellationToken cancellation)
        where TRequest : IServiceRequest
        where TResponse : IServiceResponse, IStructure<TResponse>;
}
