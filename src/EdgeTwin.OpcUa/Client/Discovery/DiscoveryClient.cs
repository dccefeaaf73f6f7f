using EdgeTwin.OpcUa.Client.Transport;
using EdgeTwin.OpcUa.Schema;

namespace EdgeTwin.OpcUa.Client.Discovery;

/// <summary>The Discovery service set, over a channel without security (OPC 10000-4 §5.5).</summary>
internal sealed class DiscoveryClient(IClientTransportFactory transports, TimeSpan timeout, TimeProvider time)
{
    public async Task<EndpointDescription[]> GetEndpointsAsync(Uri url, CancellationToken cancellation)
    {
        await using var transport = await transports.ConnectAsync(new TransportTarget { Url = url }, cancellation);
        var response = await transport.SendAsync<GetEndpointsRequest, GetEndpointsResponse>(
            new GetEndpointsRequest { RequestHeader = Header(), EndpointUrl = url.OriginalString }, timeout,
            cancellation);
        return response.Endpoints;
    }

    public async Task<ApplicationDescription[]> FindServersAsync(Uri url, CancellationToken cancellation)
    {
        await using var transport = await transports.ConnectAsync(new TransportTarget { Url = url }, cancellation);
        var response = await transport.SendAsync<FindServersRequest, FindServersResponse>(
            new FindServersRequest { RequestHeader = Header(), EndpointUrl = url.OriginalString }, timeout,
            cancellation);
        return response.Servers;
    }

    private RequestHeader Header() => new()
    {
        Timestamp = time.GetUtcNow().UtcDateTime,
        RequestHandle = 1,
        TimeoutHint = (uint)timeout.TotalMilliseconds,
    };
}
