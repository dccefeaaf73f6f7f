using EdgeTwin.OpcUa.Encoding;
using EdgeTwin.OpcUa.Schema;
using EdgeTwin.OpcUa.Security;

namespace EdgeTwin.OpcUa.Client.Discovery;

/// <summary>Which of a server's endpoints is used: what the configuration says, and never a weaker one.</summary>
internal static class EndpointChoice
{
    private const string TransportProfile =
        "http://opcfoundation.org/UA-Profile/Transport/uatcp-uasc-uabinary";

    /// <summary>Only these are spoken here; an endpoint that names no profile is one of old servers.</summary>
    public static bool IsSpoken(EndpointDescription endpoint) =>
        string.IsNullOrEmpty(endpoint.TransportProfileUri) || endpoint.TransportProfileUri == TransportProfile;

    /// <summary>Picks by mode and policy; among equals that the configuration leaves open, the strongest.</summary>
    /// <exception cref="OpcUaException">None fits; the message lists what the server offers.</exception>
    public static EndpointDescription Pick(
        IReadOnlyList<EndpointDescription> endpoints, MessageSecurityMode mode, SecurityPolicy? wanted,
        CertificateKey? ownKey)
    {
        EndpointDescription? best = null;
        (int, int) bestRank = (-1, -1);
        foreach (var endpoint in endpoints)
        {
            if (!IsSpoken(endpoint) || endpoint.SecurityMode != mode) continue;
            var policy = SecurityPolicy.ByUri(endpoint.SecurityPolicyUri);
            if (policy is null || policy.IsSecure != (mode != MessageSecurityMode.None)) continue;
            if (wanted is not null && policy != wanted) continue;
            if (policy.IsSecure && ownKey?.Fits(policy) != true) continue;

            // Our own order first: the server's level is its opinion, and an attacker could have written it.
            (int, int) rank = (IndexOf(policy), endpoint.SecurityLevel);
            if (rank.CompareTo(bestRank) <= 0) continue;
            (best, bestRank) = (endpoint, rank);
        }

        return best ?? throw new OpcUaException(StatusCodes.BadSecurityPolicyRejected,
            $"the server offers no endpoint with mode {mode} and policy {wanted?.Name ?? "of ours"} that the own key"
            + $" can use; it offers {Offered(endpoints)}");
    }

    private static int IndexOf(SecurityPolicy policy)
    {
        for (var i = 0; i < SecurityPolicy.All.Count; i++)
        {
            if (SecurityPolicy.All[i] == policy) return i;
        }

        return -1;
    }

    private static string Offered(IReadOnlyList<EndpointDescription> endpoints) => endpoints.Count == 0
        ? "nothing"
        : string.Join(", ", endpoints.Take(20).Select(static e =>
            $"{PolicyName(e.SecurityPolicyUri)}/{e.SecurityMode}").Distinct());

    private static string PolicyName(string? uri) =>
        uri is null ? "?" : uri[(uri.LastIndexOf('#') + 1)..];
}
