using EdgeTwin.OpcUa.Schema;
using EdgeTwin.OpcUa.Security;

namespace EdgeTwin.OpcUa.Server.Users;

/// <summary>The user token policies of endpoints (OPC 10000-4 §7.42). A policy id means the same at every
/// endpoint.</summary>
internal static class TokenPolicies
{
    private const string Anonymous = "anonymous";
    private const string UserName = "username";
    private const string UserNameEncrypted = "username_basic256sha256";
    private const string UserNamePlain = "username_plain";
    private const string Certificate = "certificate";
    private const string CertificateSigned = "certificate_basic256sha256";

    /// <summary>What an endpoint offers.</summary>
    /// <remarks>Passwords: at endpoints with security under the endpoint's policy; at None under one that encrypts, for
    /// nothing else would; at encrypted ECC endpoints also in the clear inside the channel, for clients that know
    /// no ECC secret.</remarks>
    public static UserTokenPolicy[] For(SecurityPolicy policy, MessageSecurityMode mode, IUserValidator users)
    {
        var offered = new List<UserTokenPolicy>();
        if (users.Offers(UserKind.Anonymous)) offered.Add(Make(Anonymous, UserTokenType.Anonymous, null));
        if (users.Offers(UserKind.UserName))
        {
            offered.Add(policy.IsSecure
                ? Make(UserName, UserTokenType.UserName, null)
                : Make(UserNameEncrypted, UserTokenType.UserName, SecurityPolicy.Basic256Sha256));
            if (policy.IsEcc && mode == MessageSecurityMode.SignAndEncrypt)
                offered.Add(Make(UserNamePlain, UserTokenType.UserName, SecurityPolicy.None));
        }

        if (users.Offers(UserKind.Certificate))
        {
            offered.Add(policy.IsSecure
                ? Make(Certificate, UserTokenType.Certificate, null)
                : Make(CertificateSigned, UserTokenType.Certificate, SecurityPolicy.Basic256Sha256));
        }

        return [.. offered];
    }

    /// <summary>The security policy of a token: its own, else the endpoint's.</summary>
    public static SecurityPolicy SecurityOf(UserTokenPolicy token, SecurityPolicy endpoint) =>
        SecurityPolicy.ByUri(token.SecurityPolicyUri) ?? endpoint;

    private static UserTokenPolicy Make(string id, UserTokenType type, SecurityPolicy? policy) =>
        new() { PolicyId = id, TokenType = type, SecurityPolicyUri = policy?.Uri };
}
