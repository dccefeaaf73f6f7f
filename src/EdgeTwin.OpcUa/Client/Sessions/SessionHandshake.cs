using System.Security.Cryptography;
using EdgeTwin.OpcUa.Client.Discovery;
using EdgeTwin.OpcUa.Encoding;
using EdgeTwin.OpcUa.Schema;
using EdgeTwin.OpcUa.Security;
using EdgeTwin.OpcUa.Types;

namespace EdgeTwin.OpcUa.Client.Sessions;

/// <summary>The messages that create and activate a session, and what is held against them; no I/O
/// (OPC 10000-4 §5.7.2, §5.7.3).</summary>
internal sealed class SessionHandshake
{
    private const int NonceLength = 32;

    private readonly OpcUaClientOptions options;
    private readonly SessionTarget target;
    private readonly byte[] clientNonce = RandomNumberGenerator.GetBytes(NonceLength);

    public SessionHandshake(OpcUaClientOptions options, SessionTarget target)
    {
        this.options = options;
        this.target = target;
    }

    /// <summary>The additional header by which the server's key for a password is asked for; null where none is
    /// needed.</summary>
    public ExtensionObject? AskForKey() =>
        UserToken.NeedsKey(options.User, target) ? EphemeralKeyExchange.Ask(target.Policy) : null;

    public CreateSessionRequest Create(RequestHeader header) => new()
    {
        RequestHeader = header,
        ClientDescription = new ApplicationDescription
        {
            ApplicationUri = options.ApplicationUri,
            ProductUri = options.ProductUri,
            ApplicationName = options.ApplicationName,
            ApplicationType = ApplicationType.Client,
        },
        EndpointUrl = target.Url.OriginalString,
        SessionName = options.SessionName ?? options.ApplicationName,
        ClientNonce = clientNonce,
        ClientCertificate = target.IsSecure ? options.Certificate!.Chain : null,
        RequestedSessionTimeout = options.SessionTimeout.TotalMilliseconds,
    };

    /// <exception cref="OpcUaException">The server is not the one that the channel was opened to, or the answer is
    /// nonsense.</exception>
    public SessionSecrets Accept(CreateSessionResponse response)
    {
        if (response.SessionId.IsNull || response.AuthenticationToken.IsNull)
            throw new OpcUaException(StatusCodes.BadUnexpectedError, "the server created a session without ids");
        var nonce = response.ServerNonce ?? [];
        if (target.IsSecure) VerifyServer(response, nonce);
        return new SessionSecrets
        {
            SessionId = response.SessionId,
            AuthenticationToken = response.AuthenticationToken,
            Timeout = TimeSpan.FromMilliseconds(
                response.RevisedSessionTimeout is > 0 and < int.MaxValue
                    ? response.RevisedSessionTimeout
                    : options.SessionTimeout.TotalMilliseconds),

            // Some servers leave the certificate out without security; the endpoint has it, for passwords.
            ServerCertificate = response.ServerCertificate is { Length: > 0 } own
                ? own
                : target.Endpoint.ServerCertificate ?? [],
            ServerNonce = nonce,
            ServerKey = KeyOf(response.ResponseHeader),
            MaxRequestMessageSize = response.MaxRequestMessageSize,
        };
    }

    public ActivateSessionRequest Activate(RequestHeader header, SessionSecrets session)
    {
        var (token, signature) = UserToken.Make(
            options.User, target, session, options.Certificate, header.Timestamp);
        return new ActivateSessionRequest
        {
            RequestHeader = header,
            ClientSignature = !target.IsSecure ? SignatureData.Default : new SignatureData
            {
                Algorithm = target.Policy.SignatureUri,
                Signature = SignatureProof.Sign(
                    target.Policy, options.Certificate!.Key, session.ServerCertificate, session.ServerNonce),
            },
            LocaleIds = [.. options.Locales],
            UserIdentityToken = token is null ? null : new ExtensionObject(token),
            UserTokenSignature = signature,
        };
    }

    /// <summary>Keeps the nonce for the next activation.</summary>
    /// <exception cref="OpcUaException">BadNonceInvalid: the server uses a nonce again, which would let somebody use
    /// the client's signature again.</exception>
    public void Accept(SessionSecrets session, ActivateSessionResponse response)
    {
        var nonce = response.ServerNonce ?? [];
        if (target.IsSecure)
        {
            VerifyNonce(nonce);
            if (nonce.AsSpan().SequenceEqual(session.ServerNonce))
                throw new OpcUaException(StatusCodes.BadNonceInvalid, "the server sent the same nonce twice");
        }

        session.ServerNonce = nonce;
        session.ServerKey = KeyOf(response.ResponseHeader);
    }

    // Signed by the certificate of the channel, which was verified when it was opened.
    private byte[]? KeyOf(ResponseHeader header)
    {
        if (!UserToken.NeedsKey(options.User, target)) return null;
        using var certificate = ServerCertificate.Load(target.Endpoint.ServerCertificate!);
        using var key = CertificateKey.Public(certificate);
        return key is null ? null : EphemeralKeyExchange.Take(header, target.Policy, key);
    }

    private void VerifyServer(CreateSessionResponse response, byte[] nonce)
    {
        var expected = CertificateBytes.Leaf(target.Endpoint.ServerCertificate);
        if (expected.IsEmpty || !CertificateBytes.Leaf(response.ServerCertificate).SequenceEqual(expected))
        {
            throw new OpcUaException(StatusCodes.BadCertificateInvalid,
                "the session's server certificate is not the one of the channel");
        }

        VerifyNonce(nonce);
        using var certificate = ServerCertificate.Load(response.ServerCertificate!);
        using var key = CertificateKey.Public(certificate);
        if (key is null || !SignatureProof.Verify(target.Policy, key, options.Certificate!.Chain, clientNonce,
                response.ServerSignature.Algorithm, response.ServerSignature.Signature))
        {
            throw new OpcUaException(StatusCodes.BadApplicationSignatureInvalid,
                "the server could not show that it has the key of its certificate");
        }

        EndpointAgreement.Verify(
            target.Discovered, response.ServerEndpoints, isNamed: options.SecurityPolicy is not null);
    }

    private static void VerifyNonce(byte[] nonce)
    {
        if (nonce.Length < NonceLength)
        {
            throw new OpcUaException(StatusCodes.BadNonceInvalid,
                $"the server's nonce has {nonce.Length} bytes; at least {NonceLength} are needed");
        }
    }
}
