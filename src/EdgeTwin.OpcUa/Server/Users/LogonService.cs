using System.Security.Cryptography;
using EdgeTwin.OpcUa.Certificates;
using EdgeTwin.OpcUa.Channel;
using EdgeTwin.OpcUa.Encoding;
using EdgeTwin.OpcUa.Schema;
using EdgeTwin.OpcUa.Security;
using EdgeTwin.OpcUa.Types;
using Microsoft.Extensions.Logging;

namespace EdgeTwin.OpcUa.Server.Users;

/// <summary>Judges user identity tokens (OPC 10000-4 §5.7.3, §7.40). What a client may learn from a refusal: which
/// kind of token
/// was wrong, nothing more; an unknown user, a wrong password and a secret that cannot be deciphered look the same
/// and cost the same.</summary>
internal sealed class LogonService(
    IUserValidator users, CertificateValidator certificates, TimeProvider time, ILogger logger) : IDisposable
{
    // Hashing is slow on purpose: one at a time, so that a flood of logons leaves the other cores to the plant.
    private const int MostWaiting = 32;

    private readonly LogonThrottle throttle = new();
    private readonly SemaphoreSlim hashing = new(1, 1);
    private int waiting;

    private TimeSpan Now => time.GetElapsedTime(0, time.GetTimestamp());

    /// <summary>The user of a token.</summary>
    /// <exception cref="OpcUaException">BadIdentityTokenInvalid, BadIdentityTokenRejected, BadUserAccessDenied or
    /// BadUserSignatureInvalid.</exception>
    public ValueTask<UserIdentity> LogOnAsync(LogonAttempt attempt, CancellationToken cancellationToken)
    {
        switch (attempt.Token?.Body)
        {
            case null:
                Find(attempt, UserTokenType.Anonymous, null);
                return new ValueTask<UserIdentity>(Anonymous());
            case AnonymousIdentityToken token:
                Find(attempt, UserTokenType.Anonymous, token.PolicyId);
                return new ValueTask<UserIdentity>(Anonymous());
            case UserNameIdentityToken token:
                return new ValueTask<UserIdentity>(ByPasswordAsync(attempt, token, cancellationToken));
            case X509IdentityToken token:
                return new ValueTask<UserIdentity>(ByCertificate(attempt, token));
            default:
                throw Invalid("the kind of token is not offered");
        }
    }

    /// <summary>Forgets old failures; called now and then.</summary>
    public void Sweep() => throttle.Sweep(Now);

    public void Dispose() => hashing.Dispose();

    private static UserTokenPolicy Find(LogonAttempt attempt, UserTokenType type, string? policyId)
    {
        foreach (var policy in attempt.Offered)
        {
            // Some clients name no policy; then the only one of that kind is meant.
            if (policy.TokenType == type && (string.IsNullOrEmpty(policyId) || policy.PolicyId == policyId))
                return policy;
        }

        throw type == UserTokenType.Anonymous && string.IsNullOrEmpty(policyId)
            ? new OpcUaException(StatusCodes.BadIdentityTokenRejected, "anonymous users are not let in")
            : Invalid("the token's policy is not offered at this endpoint");
    }

    private static OpcUaException Invalid(string what) => new(StatusCodes.BadIdentityTokenInvalid, what);

    private static OpcUaException Denied() => new(StatusCodes.BadUserAccessDenied, "the user is not let in");

    private UserIdentity Anonymous() => users.LogOnAnonymous()
        ?? throw new OpcUaException(StatusCodes.BadIdentityTokenRejected, "anonymous users are not let in");

    private async Task<UserIdentity> ByPasswordAsync(
        LogonAttempt attempt, UserNameIdentityToken token, CancellationToken cancellationToken)
    {
        var policy = TokenPolicies.SecurityOf(Find(attempt, UserTokenType.UserName, token.PolicyId), attempt.Endpoint);
        if (string.IsNullOrEmpty(token.UserName)) throw Invalid("the token names no user");
        if ((token.EncryptionAlgorithm ?? "") != (policy.EncryptionUri ?? ""))
            throw Invalid("the secret's algorithm is another");
        if (!throttle.MayTry(attempt.Address, token.UserName, Now)) throw Denied();
        if (Interlocked.Increment(ref waiting) > MostWaiting)
        {
            Interlocked.Decrement(ref waiting);
            throw new OpcUaException(StatusCodes.BadTooManyOperations, "too many log on at the same time");
        }

        try
        {
            await hashing.WaitAsync(cancellationToken);
            try
            {
                // Off the receive loop, which may have other requests to serve.
                var user = await Task.Run(() => Judge(policy, attempt, token), cancellationToken);
                if (user is not null)
                {
                    throttle.Succeeded(attempt.Address, token.UserName);
                    return user;
                }
            }
            finally
            {
                hashing.Release();
            }
        }
        finally
        {
            Interlocked.Decrement(ref waiting);
        }

        if (throttle.Failed(attempt.Address, token.UserName, Now)) ServerLog.LogonSlowed(logger, attempt.Address);
        throw Denied();
    }

    private UserIdentity? Judge(SecurityPolicy policy, LogonAttempt attempt, UserNameIdentityToken token)
    {
        var deciphered = TryDecipher(policy, attempt, token.Password ?? [], out var password);
        try
        {
            // Also with nothing deciphered: the answer takes as long.
            var user = users.LogOn(token.UserName!, password);
            return deciphered ? user : null;
        }
        finally
        {
            CryptographicOperations.ZeroMemory(password);
        }
    }

    private bool TryDecipher(SecurityPolicy policy, LogonAttempt attempt, byte[] secret, out byte[] password)
    {
        password = secret;
        if (!policy.IsSecure) return true;
        password = [];
        byte[]? plain;
        var deciphered = policy.IsEcc
            ? TryDecipherEcc(policy, attempt, secret, out plain)
            : TryDecipherRsa(policy, attempt, secret, out plain);
        if (deciphered) password = plain!;
        return deciphered;
    }

    private static bool TryDecipherRsa(
        SecurityPolicy policy, LogonAttempt attempt, byte[] secret, out byte[]? plain)
    {
        plain = null;
        return attempt.Own is { } own
            && UserSecret.TryDecrypt(policy, own.Key, secret, attempt.ServerNonce, out plain);
    }

    // OPC 10000-4 §7.40.2.5: for the key of the last answer, signed by the client of this channel.
    private bool TryDecipherEcc(SecurityPolicy policy, LogonAttempt attempt, byte[] secret, out byte[]? plain)
    {
        plain = null;
        return attempt is { LogonKey: { } key, Client: { } client } && EccSecret.TryDecrypt(
            policy, key, client, secret, attempt.ServerNonce, time.GetUtcNow().UtcDateTime, out plain);
    }

    private UserIdentity ByCertificate(LogonAttempt attempt, X509IdentityToken token)
    {
        var policy = TokenPolicies.SecurityOf(
            Find(attempt, UserTokenType.Certificate, token.PolicyId), attempt.Endpoint);
        if (attempt.Own is not { } own) throw Invalid("the server has no certificate to sign for");
        PeerCertificate certificate;
        try
        {
            certificate = PeerCertificate.Read(token.CertificateData, policy);
        }
        catch (OpcUaException e)
        {
            throw new OpcUaException(StatusCodes.BadIdentityTokenInvalid, "the user's certificate cannot be used", e);
        }

        using (certificate)
        {
            // First the signature: a certificate whose key the client does not have reaches neither log nor folder.
            var signed = SignatureProof.Verify(policy, certificate.Key, own.Chain, attempt.ServerNonce,
                attempt.Signature.Algorithm, attempt.Signature.Signature);
            if (!signed) throw new OpcUaException(StatusCodes.BadUserSignatureInvalid, "the user's signature is wrong");
            var question = new CertificateQuestion { Role = CertificateRole.User, Policy = policy };
            if (!certificates.Validate(certificate.Chain, question).IsAccepted) throw Rejected();
            return users.LogOn(certificate.Certificate) ?? throw Rejected();
        }

        static OpcUaException Rejected() =>
            new(StatusCodes.BadIdentityTokenRejected, "the user's certificate is not trusted");
    }
}
