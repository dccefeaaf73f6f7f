using EdgeTwin.OpcUa.Encoding;
using EdgeTwin.OpcUa.Schema;

namespace EdgeTwin.OpcUa.Client.Discovery;

/// <summary>
/// Discovery is not protected; CreateSession repeats its endpoints on the secured channel, and a difference means that
/// somebody made the client choose a weaker endpoint (OPC 10000-4 §5.6.2.2).
/// </summary>
internal static class EndpointAgreement
{
    /// <exception cref="OpcUaException">BadSecurityChecksFailed: the lists differ.</exception>
    public static void Verify(
        IReadOnlyList<EndpointDescription> discovered, IReadOnlyList<EndpointDescription> repeated)
    {
        // A server may repeat only the endpoints of the profile in use, and only what is compared here; the rest is
        // null. Addresses may differ by the network.
        foreach (var endpoint in discovered)
        {
            if (EndpointChoice.IsSpoken(endpoint) && !Contains(repeated, endpoint)) throw Differs(endpoint);
        }

        foreach (var endpoint in repeated)
        {
            if (EndpointChoice.IsSpoken(endpoint) && !Contains(discovered, endpoint)) throw Differs(endpoint);
        }
    }

    private static bool Contains(IReadOnlyList<EndpointDescription> endpoints, EndpointDescription sought)
    {
        foreach (var endpoint in endpoints)
        {
            if (endpoint.SecurityMode == sought.SecurityMode
                && endpoint.SecurityPolicyUri == sought.SecurityPolicyUri
                && endpoint.SecurityLevel == sought.SecurityLevel
                && SameTokens(endpoint.UserIdentityTokens, sought.UserIdentityTokens)) return true;
        }

        return false;
    }

    private static bool SameTokens(UserTokenPolicy[] left, UserTokenPolicy[] right)
    {
        if (left.Length != right.Length) return false;
        for (var i = 0; i < left.Length; i++)
        {
            if (left[i].PolicyId != right[i].PolicyId || left[i].TokenType != right[i].TokenType
                || (left[i].SecurityPolicyUri ?? "") != (right[i].SecurityPolicyUri ?? "")) return false;
        }

        return true;
    }

    private static OpcUaException Differs(EndpointDescription endpoint) => new(StatusCodes.BadSecurityChecksFailed,
        $"the session's endpoints are not those of discovery: {endpoint.SecurityMode} "
        + $"{endpoint.SecurityPolicyUri} is in one list only");
}
