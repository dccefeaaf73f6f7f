using EdgeTwin.OpcUa.Schema;
using EdgeTwin.OpcUa.Security;

namespace EdgeTwin.OpcUa.Client.Sessions;

/// <summary>The endpoint that was chosen, and what discovery said beside it.</summary>
/// <param name="Url">Where it is reached.</param>
/// <param name="Endpoint">What the server says of it.</param>
/// <param name="Policy">Its security policy.</param>
/// <param name="Discovered">All endpoints of discovery, to be held against the session's.</param>
internal sealed record SessionTarget(
    Uri Url, EndpointDescription Endpoint, SecurityPolicy Policy, IReadOnlyList<EndpointDescription> Discovered)
{
    public bool IsSecure => Endpoint.SecurityMode != MessageSecurityMode.None;
}
