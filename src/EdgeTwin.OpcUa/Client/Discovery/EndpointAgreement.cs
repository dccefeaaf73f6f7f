using EdgeTwin.OpcUa.Encoding;
using EdgeTwin.OpcUa.Schema;

namespace EdgeTwin.OpcUa.Client.Discovery;

/// <summary>
/// Discovery is not protected; CreateSession repeats its endpoints on the secured channel, and a difference means that
/// somebody made the client choose a weaker endpoint (OPC 10000-4 §5.6.2.2).
/// </summary>
internal static class EndpointAgreement
{
    /// <param name="discovered">What discovery said.</param>
    /// <param name="repeated">What the session says.</param>
    /// <param name="isNamed">Whether the configuration named the policy, so that discovery could not weaken it.</param>
    /// <exception cref="OpcUaException">BadSecurityChecksFailed: the lists differ.</exception>
    public static void Verify(IReadOnlyList<EndpointDescription> discovered,
        IReadOnlyList<EndpointDescription> repeated, bool isNamed)
    {
        // Behind address translation some servers find none of their endpoints at the address that the client used.
        if (repeated.Count == 0)
        {
            if (isNamed) return;
            throw new OpcUaException(StatusCodes.BadSecurityChecksFailed,
                "the session repeats no endpoints for this address, so nobody can tell whether discovery was"
                + " tampered with; name the security policy to connect all the same");
        }

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
                && CoversTokens(endpoint.UserIdentityTokens, sought.UserIdentityTokens)
                && CoversTokens(sought.UserIdentityTokens, endpoint.UserIdentityTokens)) return true;
        }

        return false;
    }

    // What can be weakened is which tokens there are and how they are secured. Their ids are mere names, which some
    // servers make anew for each address.
    private static bool CoversTokens(UserTokenPolicy[] all, UserTokenPolicy[] some) =>
        Array.TrueForAll(some, s => Array.Exists(all, a =>
            a.TokenType == s.TokenType && (a.SecurityPolicyUri ?? "") == (s.SecurityPolicyUri ?? "")));

    private static OpcUaException Differs(EndpointDescription endpoint) => new(StatusCodes.BadSecurityChecksFailed,
        $"the session's endpoints are not those of discovery: {endpoint.SecurityMode} "
        + $"{endpoint.SecurityPolicyUri} is in one list only");
}
