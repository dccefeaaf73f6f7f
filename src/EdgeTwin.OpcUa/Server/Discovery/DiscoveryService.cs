using EdgeTwin.OpcUa.Encoding;
using EdgeTwin.OpcUa.Schema;

namespace EdgeTwin.OpcUa.Server.Discovery;

/// <summary>What clients ask before they have a session (OPC 10000-4 §5.5).</summary>
internal sealed class DiscoveryService(EndpointCatalog endpoints, OpcUaServerOptions options)
{
    // Names are few; long lists of filters only cost.
    private const int MostFilters = 1000;

    public void Register(ServiceTable services)
    {
        services.AddSessionless<FindServersRequest>(
            FindServersRequest.EncodingId, "FindServers", (request, _) => FindServers(request));
        services.AddSessionless<GetEndpointsRequest>(
            GetEndpointsRequest.EncodingId, "GetEndpoints", (request, _) => GetEndpoints(request));
    }

    /// <summary>§5.5.2: this server, when the filter lets it through. There is one name, whatever locales are asked
    /// for.</summary>
    public FindServersResponse FindServers(FindServersRequest request)
    {
        RequireFew(request.ServerUris.Length);
        var wanted = request.ServerUris.Length == 0 || request.ServerUris.Contains(options.ApplicationUri);
        return new FindServersResponse
        {
            Servers = wanted ? [endpoints.Application(endpoints.UrlFor(request.EndpointUrl))] : [],
        };
    }

    /// <summary>§5.5.4: the endpoints, when a transport profile of the filter is ours.</summary>
    public GetEndpointsResponse GetEndpoints(GetEndpointsRequest request)
    {
        RequireFew(request.ProfileUris.Length);
        var wanted = request.ProfileUris.Length == 0 || request.ProfileUris.Contains(EndpointCatalog.TransportProfile);
        return new GetEndpointsResponse { Endpoints = wanted ? endpoints.All(request.EndpointUrl) : [] };
    }

    private static void RequireFew(int count)
    {
        if (count > MostFilters)
            throw new OpcUaException(StatusCodes.BadTooManyOperations, $"a filter of {count} names");
    }
}
