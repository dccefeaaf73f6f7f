using System.Security.Cryptography;
using EdgeTwin.OpcUa.Certificates;
using EdgeTwin.OpcUa.Channel;
using EdgeTwin.OpcUa.Encoding;
using EdgeTwin.OpcUa.Schema;
using EdgeTwin.OpcUa.Security;
using EdgeTwin.OpcUa.Server.Discovery;
using EdgeTwin.OpcUa.Types;

namespace EdgeTwin.OpcUa.Server.Sessions;

/// <summary>CreateSession: checks who calls, makes the session, proves who answers (OPC 10000-4 §5.7.2).</summary>
internal sealed class SessionCreation(
    OpcUaServerOptions options, ServerSecurity security, EndpointCatalog endpoints, SessionTable sessions)
{
    /// <summary>Length of the nonces of sessions, in bytes; also the least that a client may send.</summary>
    public const int NonceLength = 32;

    private const int LongestNonce = 1024;
    private const int LongestName = 256;

    private readonly RecentNonces nonces = new();
    private int lastNumber;

    /// <summary>Makes a session.</summary>
    /// <param name="request">What the client asks for.</param>
    /// <param name="connection">Where it came from.</param>
    /// <param name="now">Monotonic time in ticks of 100 ns.</param>
    /// <param name="utcNow">The clock.</param>
    /// <param name="dropped">A session that made room; to be closed.</param>
    /// <exception cref="OpcUaException">It is refused.</exception>
    public CreateSessionResponse Create(
        CreateSessionRequest request, IServerConnection connection, long now, DateTime utcNow, out Session? dropped)
    {
        var channel = connection.Channel;
        if (!security.OffersSession(channel.Policy, channel.Mode))
            throw new OpcUaException(StatusCodes.BadSecurityPolicyRejected, "only discovery is open without security");
        if (!string.IsNullOrEmpty(request.ServerUri) && request.ServerUri != options.ApplicationUri)
            throw new OpcUaException(StatusCodes.BadServerUriInvalid, "the session is meant for another server");
        if (channel.Policy.IsSecure) RequireProof(request, channel);

        var session = Make(request, connection, utcNow);
        session.LogonKey = MakeLogonKey(request.RequestHeader, channel);
        session.Touch(now, utcNow);
        if (!sessions.TryAdd(session, out dropped))
            throw new OpcUaException(StatusCodes.BadTooManySessions, $"{sessions.Count} sessions are in use");
        return Answer(request, session, channel);
    }

    /// <summary>The key for passwords that a client asked for, where its channel has the curve; else null.</summary>
    public static EphemeralKey? MakeLogonKey(RequestHeader header, ChannelInfo channel) =>
        channel.Policy.IsEcc && EphemeralKeyExchange.Asked(header) == channel.Policy
            ? new EphemeralKey(channel.Policy)
            : null;

    /// <summary>The response header that tells the client a key.</summary>
    public static ResponseHeader HeaderWith(EphemeralKey? key, ChannelInfo channel) => key is null
        ? ResponseHeader.Default
        : new ResponseHeader { AdditionalHeader = EphemeralKeyExchange.Offer(key, channel.Policy, channel.Own!.Key) };

    private void RequireProof(CreateSessionRequest request, ChannelInfo channel)
    {
        if (request.ClientNonce is not { Length: >= NonceLength and <= LongestNonce } nonce || !nonces.TryAdd(nonce))
            throw new OpcUaException(StatusCodes.BadNonceInvalid, "the client's nonce is too short, too long or used");
        var peer = channel.Peer!;
        if (!CertificateBytes.Leaf(request.ClientCertificate).SequenceEqual(peer.Leaf))
            throw new OpcUaException(StatusCodes.BadCertificateInvalid, "the certificate is not the channel's");
        var verdict = security.Clients.Validate(peer.Chain, new CertificateQuestion
        {
            Role = CertificateRole.Client,
            Policy = channel.Policy,
            ApplicationUri = request.ClientDescription.ApplicationUri ?? "",
        });
        if (!verdict.IsAccepted) throw new OpcUaException(verdict.PeerStatus, verdict.Reason!);
    }

    private Session Make(CreateSessionRequest request, IServerConnection connection, DateTime utcNow)
    {
        var number = Interlocked.Increment(ref lastNumber);
        var name = string.IsNullOrEmpty(request.SessionName) ? $"Session {number}" : request.SessionName;
        return new Session(options.Sessions.MaxAsyncRequests)
        {
            SessionId = new NodeId(1, new Guid(RandomNumberGenerator.GetBytes(16))),
            Name = name.Length <= LongestName ? name : name[..LongestName],
            Client = request.ClientDescription,
            SecurityMode = connection.Channel.Mode,
            SecurityPolicyUri = connection.Channel.Policy.Uri,
            ClientCertificate = connection.Channel.ClientCertificateDer ?? [],
            EndpointUrl = request.EndpointUrl,
            ServerUri = request.ServerUri,
            MaxResponseMessageSize = request.MaxResponseMessageSize,
            Timeout = Revise(request.RequestedSessionTimeout),
            ConnectedAt = utcNow,
            Connection = connection,
            Token = SessionToken.NewRandom(),
            ServerNonce = RandomNumberGenerator.GetBytes(NonceLength),
        };
    }

    private TimeSpan Revise(double milliseconds)
    {
        // NaN and negatives fail the first comparison, infinity the second.
        if (!(milliseconds > options.Sessions.MinTimeout.TotalMilliseconds)) return options.Sessions.MinTimeout;
        return milliseconds < options.Sessions.MaxTimeout.TotalMilliseconds
            ? TimeSpan.FromMilliseconds(milliseconds)
            : options.Sessions.MaxTimeout;
    }

    private CreateSessionResponse Answer(CreateSessionRequest request, Session session, ChannelInfo channel)
    {
        // Without security as well: a password is encrypted for this certificate and this nonce.
        var own = channel.Own ?? security.ShownAt(channel.Policy);
        return new CreateSessionResponse
        {
            ResponseHeader = HeaderWith(session.LogonKey, channel),
            SessionId = session.SessionId,
            AuthenticationToken = session.Token.ToNodeId(),
            RevisedSessionTimeout = session.Timeout.TotalMilliseconds,
            ServerNonce = session.ServerNonce,
            ServerCertificate = own?.Chain,
            ServerEndpoints = endpoints.All(request.EndpointUrl),
            ServerSignature = channel.Policy.IsSecure && own is not null
                ? new SignatureData
                {
                    Algorithm = channel.Policy.SignatureUri,
                    Signature = SignatureProof.Sign(
                        channel.Policy, own.Key, request.ClientCertificate, request.ClientNonce),
                }
                : SignatureData.Default,
            MaxRequestMessageSize = (uint)options.Channel.MaxMessageSize,
        };
    }
}
