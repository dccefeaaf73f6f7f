using System.Security.Cryptography;
using EdgeTwin.OpcUa.Channel;
using EdgeTwin.OpcUa.Encoding;
using EdgeTwin.OpcUa.Schema;
using EdgeTwin.OpcUa.Security;

namespace EdgeTwin.OpcUa.Client.Sessions;

/// <summary>Makes the user identity token that fits one of the endpoint's token policies (OPC 10000-4 §7.40).</summary>
internal static class UserToken
{
    /// <summary>Whether the server's certificate must be trusted for this user even where the channel is not secured:
    /// what is encrypted for a stranger's certificate is told to a stranger.</summary>
    public static bool NeedsTrust(ClientUser user) => user is not AnonymousUser;

    /// <summary>Whether the user's password is encrypted for a key that the server makes for it: on channels of ECC
    /// policies.</summary>
    public static bool NeedsKey(ClientUser user, SessionTarget target) =>
        user is PasswordUser && target is { IsSecure: true, Policy.IsEcc: true };

    /// <param name="user">Who the session is for.</param>
    /// <param name="target">The endpoint.</param>
    /// <param name="session">The session that is activated.</param>
    /// <param name="own">The own application certificate; null without security.</param>
    /// <param name="now">Time, UTC.</param>
    /// <returns>No token where the server asks for none, and the token's own signature.</returns>
    /// <exception cref="OpcUaException">BadIdentityTokenRejected: the endpoint takes no such user.
    /// BadSecurityPolicyRejected: the password would be told in the clear, or the policy cannot be used.</exception>
    public static (UserIdentityToken? Token, SignatureData Signature) Make(
        ClientUser user, SessionTarget target, SessionSecrets session, OwnCertificate? own, DateTime now) => user switch
        {
            PasswordUser password when NeedsKey(user, target) =>
                (EccPassword(password, target, session, own!, now), SignatureData.Default),
            PasswordUser password => (Password(password, target, session), SignatureData.Default),
            CertificateUser certificate => Certificate(certificate, target, session),
            _ => (Anonymous(target.Endpoint), SignatureData.Default),
        };

    private static AnonymousIdentityToken? Anonymous(EndpointDescription endpoint) =>
        endpoint.UserIdentityTokens.Length == 0
            ? null
            : new AnonymousIdentityToken { PolicyId = Find(endpoint, UserTokenType.Anonymous)[0].PolicyId };

    private static UserNameIdentityToken Password(PasswordUser user, SessionTarget target, SessionSecrets session)
    {
        using var certificate = ServerCertificate.Load(session.ServerCertificate);
        using var key = CertificateKey.Public(certificate);
        foreach (var offered in Find(target.Endpoint, UserTokenType.UserName))
        {
            if (TokenSecurity(offered, target) is not { EncryptionUri: not null } policy || key?.Fits(policy) != true)
                continue;
            if (session.ServerNonce.Length == 0)
            {
                throw new OpcUaException(StatusCodes.BadNonceInvalid,
                    "the server sent no nonce, so an encrypted password could be used again by others");
            }

            var secret = System.Text.Encoding.UTF8.GetBytes(user.Password);
            var cipher = UserSecret.Encrypt(policy, key, secret, session.ServerNonce);
            CryptographicOperations.ZeroMemory(secret);
            return new UserNameIdentityToken
            {
                PolicyId = offered.PolicyId,
                UserName = user.Name,
                Password = cipher,
                EncryptionAlgorithm = policy.EncryptionUri,
            };
        }

        throw new OpcUaException(StatusCodes.BadSecurityPolicyRejected,
            "the endpoint takes passwords only in the clear, or encrypted in a way that is not supported");
    }

    // OPC 10000-4 §7.40.2.5. The algorithm is the policy's; the token names none.
    private static UserNameIdentityToken EccPassword(
        PasswordUser user, SessionTarget target, SessionSecrets session, OwnCertificate own, DateTime now)
    {
        var offered = Array.Find(
            Find(target.Endpoint, UserTokenType.UserName), t => TokenSecurity(t, target) == target.Policy);
        if (offered is null || session.ServerKey is not { } serverKey)
        {
            throw new OpcUaException(StatusCodes.BadSecurityPolicyRejected, offered is null
                ? $"the endpoint takes no passwords that are encrypted by {target.Policy}"
                : "the server sent no key, signed by its certificate, to encrypt the password for");
        }

        var secret = System.Text.Encoding.UTF8.GetBytes(user.Password);
        var cipher = EccSecret.Encrypt(
            target.Policy, own.Key, default, serverKey, secret, session.ServerNonce, now);
        CryptographicOperations.ZeroMemory(secret);
        return new UserNameIdentityToken
        {
            PolicyId = offered.PolicyId,
            UserName = user.Name,
            Password = cipher ?? throw new OpcUaException(StatusCodes.BadSecurityPolicyRejected,
                $"the server's key for the password is no point of the curve of {target.Policy}"),
        };
    }

    private static (UserIdentityToken Token, SignatureData Signature) Certificate(
        CertificateUser user, SessionTarget target, SessionSecrets session)
    {
        using var key = CertificateKey.Private(user.Certificate);
        foreach (var offered in Find(target.Endpoint, UserTokenType.Certificate))
        {
            if (TokenSecurity(offered, target) is not { IsSecure: true } policy || !key.Fits(policy)) continue;
            return (
                new X509IdentityToken { PolicyId = offered.PolicyId, CertificateData = user.Certificate.RawData },
                new SignatureData
                {
                    Algorithm = policy.SignatureUri,
                    Signature = SignatureProof.Sign(policy, key, session.ServerCertificate, session.ServerNonce),
                });
        }

        throw new OpcUaException(StatusCodes.BadSecurityPolicyRejected,
            "the endpoint has no policy for user certificates that the user's key fits");
    }

    // OPC 10000-4 §7.42: a token policy without a policy of its own uses the endpoint's.
    private static SecurityPolicy? TokenSecurity(UserTokenPolicy offered, SessionTarget target) =>
        string.IsNullOrEmpty(offered.SecurityPolicyUri)
            ? target.Policy
            : SecurityPolicy.ByUri(offered.SecurityPolicyUri);

    private static UserTokenPolicy[] Find(EndpointDescription endpoint, UserTokenType type)
    {
        var found = Array.FindAll(endpoint.UserIdentityTokens, t => t.TokenType == type);
        return found.Length > 0 ? found : throw new OpcUaException(StatusCodes.BadIdentityTokenRejected,
            $"the endpoint takes no user of kind {type}; it takes "
            + string.Join(", ", endpoint.UserIdentityTokens.Select(static t => t.TokenType).Distinct()));
    }
}
