using System.Net;
using System.Security.Cryptography;
using EdgeTwin.OpcUa.Encoding;
using EdgeTwin.OpcUa.Schema;
using EdgeTwin.OpcUa.Security;
using EdgeTwin.OpcUa.Server.Discovery;
using EdgeTwin.OpcUa.Server.Users;

namespace EdgeTwin.OpcUa.Server.Sessions;

/// <summary>ActivateSession: the client proves its key, the user who it is; moves a session to another channel
/// (OPC 10000-4 §5.7.3).</summary>
internal sealed class SessionActivation(
    ServerSecurity security, EndpointCatalog endpoints, LogonService logons, ISessionListener listener)
{
    private const int MostLocales = 20;

    private readonly Lock gate = new(); // guards the change of nonce, user and connection as one

    /// <summary>Activates a session.</summary>
    /// <exception cref="OpcUaException">It is refused; the session stays as it was.</exception>
    public async ValueTask<IServiceResponse> ActivateAsync(ActivateSessionRequest request, RequestContext context)
    {
        var session = context.Session;
        var nonce = session.ServerNonce;
        RequireSameSecurity(session, context);
        RequireProof(request, session, context, nonce);
        var user = await logons.LogOnAsync(Attempt(request, session, context, nonce), context.CancellationToken);
        var nextKey = SessionCreation.MakeLogonKey(request.RequestHeader, context.Connection.Channel);
        var next = RandomNumberGenerator.GetBytes(SessionCreation.NonceLength);
        bool first;
        lock (gate)
        {
            if (session.IsClosed) throw new OpcUaException(StatusCodes.BadSessionClosed, "it ended during the logon");
            if (!ReferenceEquals(session.ServerNonce, nonce))
                throw new OpcUaException(StatusCodes.BadNonceInvalid, "another activation was quicker");
            first = !session.IsActivated;
            if (!first && !ReferenceEquals(session.Connection, context.Connection)) RequireSameUser(session, user);
            session.ServerNonce = next;
            session.LogonKey = nextKey; // the old one is not disposed: another activation may be reading with it
            session.User = user;
            session.Connection = context.Connection;
            if (request.LocaleIds.Length > 0)
                session.LocaleIds = [.. request.LocaleIds.Take(MostLocales).OfType<string>()];
            session.Remember(user.Name);
            session.IsActivated = true;
            session.Touch(context.Timestamp, context.UtcNow);
        }

        listener.OnSessionActivated(session, first);
        return new ActivateSessionResponse
        {
            ResponseHeader = SessionCreation.HeaderWith(nextKey, context.Connection.Channel),
            ServerNonce = next,
        };
    }

    private static void RequireSameSecurity(Session session, RequestContext context)
    {
        if (ReferenceEquals(session.Connection, context.Connection)) return;
        if (!session.IsActivated)
            throw new OpcUaException(StatusCodes.BadSecureChannelIdInvalid,
                "the first activation comes over the channel of the creation");
        var channel = context.Connection.Channel;
        if (channel.Policy.Uri != session.SecurityPolicyUri || channel.Mode != session.SecurityMode
            || !session.ClientCertificate.AsSpan().SequenceEqual(channel.ClientCertificateDer))
        {
            throw new OpcUaException(StatusCodes.BadSecurityChecksFailed,
                "a session moves only to a channel of the same client and the same security");
        }
    }

    private static void RequireSameUser(Session session, UserIdentity user)
    {
        if (session.User.Kind != user.Kind || session.User.Name != user.Name)
            throw new OpcUaException(StatusCodes.BadIdentityChangeNotSupported, "a session moves only with its user");
    }

    private static void RequireProof(ActivateSessionRequest request, Session session, RequestContext context,
        byte[] nonce)
    {
        var channel = context.Connection.Channel;
        if (!session.Policy.IsSecure) return;
        var signature = request.ClientSignature;
        if (!SignatureProof.Verify(session.Policy, channel.Peer!.Key, channel.Own!.Chain, nonce,
            signature.Algorithm, signature.Signature))
        {
            throw new OpcUaException(StatusCodes.BadApplicationSignatureInvalid, "the client's signature is wrong");
        }
    }

    private LogonAttempt Attempt(ActivateSessionRequest request, Session session, RequestContext context,
        byte[] nonce) => new()
        {
            Token = request.UserIdentityToken,
            Signature = request.UserTokenSignature,
            Offered = endpoints.TokensOf(session.Policy, session.SecurityMode),
            Endpoint = session.Policy,
            Own = context.Connection.Channel.Own ?? security.ShownAt(session.Policy),
            ServerNonce = nonce,
            LogonKey = session.LogonKey,
            Client = context.Connection.Channel.Peer?.Key,
            Address = (context.Connection.Remote as IPEndPoint)?.Address ?? IPAddress.None,
        };
}
