using System.Security.Cryptography;
using EdgeTwin.OpcUa.Certificates;
using EdgeTwin.OpcUa.Channel;
using EdgeTwin.OpcUa.Encoding;
using EdgeTwin.OpcUa.Schema;
using EdgeTwin.OpcUa.Security;
using EdgeTwin.OpcUa.Types;

namespace EdgeTwin.Benchmarks.OpcUa;

/// <summary>One anonymous session with as little around it as possible, so that the load's own cost stays
/// small.</summary>
internal sealed class LoadSession : IAsyncDisposable
{
    private const string ApplicationUri = "urn:edgetwin:benchmarks:load";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private static readonly Lazy<OwnCertificate> Own = new(MakeCertificate);
    private NodeId token;

    private LoadSession(ClientConnection connection) => Connection = connection;

    public ClientConnection Connection { get; }

    /// <summary>Connects, opens the channel, creates and activates a session.</summary>
    public static async Task<LoadSession> OpenAsync(string endpoint, byte[]? serverCertificate)
    {
        var policy = serverCertificate is null ? SecurityPolicy.None : SecurityPolicy.Basic256Sha256;
        var security = serverCertificate is null
            ? ClientSecurity.None
            : new ClientSecurity(policy, MessageSecurityMode.SignAndEncrypt, Own.Value, serverCertificate);
        var options = new ClientConnectionOptions { InlineContinuations = true };
        var connection = await ClientConnection.ConnectAsync(
            new Uri(endpoint), security, options, TimeProvider.System, CancellationToken.None);
        var session = new LoadSession(connection);
        await session.ActivateAsync(endpoint, policy, serverCertificate);
        return session;
    }

    /// <summary>The certificate of the server's Basic256Sha256 endpoint.</summary>
    public static async Task<byte[]> CertificateOfAsync(string endpoint)
    {
        await using var connection = await ClientConnection.ConnectAsync(new Uri(endpoint), ClientSecurity.None,
            new ClientConnectionOptions(), TimeProvider.System, CancellationToken.None);
        var answer = await connection.SendAsync<GetEndpointsRequest, GetEndpointsResponse>(
            new GetEndpointsRequest { RequestHeader = Head(default), EndpointUrl = endpoint }, Patience, default);
        return answer.Endpoints.First(static e => e.SecurityPolicyUri == SecurityPolicy.Basic256Sha256.Uri)
            .ServerCertificate!;
    }

    public RequestHeader Head() => Head(token);

    public ValueTask<TResponse> SendAsync<TRequest, TResponse>(TRequest request)
        where TRequest : IServiceRequest
        where TResponse : IServiceResponse, IStructure<TResponse> =>
        Connection.SendAsync<TRequest, TResponse>(request, Patience, default);

    public ValueTask<ReceivedMessage> SendAsync(MessageBuffer request) =>
        Connection.RequestAsync(request, Patience, default);

    public async ValueTask DisposeAsync()
    {
        if (Connection.IsOpen)
        {
            await SendAsync<CloseSessionRequest, CloseSessionResponse>(
                new CloseSessionRequest { RequestHeader = Head(), DeleteSubscriptions = true });
        }

        await Connection.DisposeAsync();
    }

    private async Task ActivateAsync(string endpoint, SecurityPolicy policy, byte[]? serverCertificate)
    {
        var created = await SendAsync<CreateSessionRequest, CreateSessionResponse>(new CreateSessionRequest
        {
            RequestHeader = Head(default),
            ClientDescription = new ApplicationDescription
            {
                ApplicationUri = ApplicationUri,
                ApplicationName = "load",
                ApplicationType = ApplicationType.Client,
            },
            EndpointUrl = endpoint,
            SessionName = "load",
            ClientNonce = RandomNumberGenerator.GetBytes(32),
            ClientCertificate = serverCertificate is null ? null : Own.Value.Leaf,
            RequestedSessionTimeout = 600_000,
        });
        token = created.AuthenticationToken;
        var proof = serverCertificate is null
            ? new SignatureData()
            : new SignatureData
            {
                Algorithm = policy.SignatureUri,
                Signature = SignatureProof.Sign(policy, Own.Value.Key, serverCertificate, created.ServerNonce),
            };
        var anonymous = created.ServerEndpoints.SelectMany(static e => e.UserIdentityTokens)
            .First(static t => t.TokenType == UserTokenType.Anonymous);
        await SendAsync<ActivateSessionRequest, ActivateSessionResponse>(new ActivateSessionRequest
        {
            RequestHeader = Head(),
            ClientSignature = proof,
            UserIdentityToken = new ExtensionObject(new AnonymousIdentityToken { PolicyId = anonymous.PolicyId }),
        });
    }

    private static RequestHeader Head(NodeId token) =>
        new() { AuthenticationToken = token, Timestamp = TimeProvider.System.GetUtcNow().UtcDateTime };

    private static OwnCertificate MakeCertificate()
    {
        var identity = new ApplicationIdentity
        {
            ApplicationUri = ApplicationUri,
            ApplicationName = "load",
            HostNames = ["localhost"],
        };
        var key = CertificateMaker.NewKey(KeyFamily.Rsa, 2048);
        return new OwnCertificate(CertificateMaker.SelfSigned(identity, key, TimeProvider.System.GetUtcNow()));
    }
}
