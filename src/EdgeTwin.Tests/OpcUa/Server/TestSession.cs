using System.Security.Cryptography;
using EdgeTwin.OpcUa.Schema;
using EdgeTwin.OpcUa.Security;
using EdgeTwin.OpcUa.Types;

namespace EdgeTwin.Tests.OpcUa.Server;

/// <summary>A client's side of a session: does by hand what a client does.</summary>
internal sealed class TestSession(CreateSessionResponse created)
{
    public CreateSessionResponse Created => created;

    public NodeId Token => created.AuthenticationToken;

    /// <summary>The nonce that the server sent last.</summary>
    public byte[] ServerNonce { get; private set; } = created.ServerNonce!;

    public static CreateSessionRequest CreateRequest(FakeConnection connection) => new()
    {
        ClientDescription = new ApplicationDescription { ApplicationUri = "urn:test:client" },
        EndpointUrl = ServerRig.EndpointUrl,
        SessionName = "test",
        ClientNonce = RandomNumberGenerator.GetBytes(32),
        ClientCertificate = connection.Client?.Chain,
        RequestedSessionTimeout = 60_000,
    };

    public static async Task<TestSession> CreateAsync(FakeConnection connection) =>
        new(await connection.AskAsync<CreateSessionResponse>(CreateRequest(connection)));

    /// <summary>An anonymous session that is in use.</summary>
    public static async Task<TestSession> OpenAsync(FakeConnection connection)
    {
        var session = await CreateAsync(connection);
        Assert.Equal(new StatusCode(StatusCodes.Good), await session.ActivateAsync(connection));
        return session;
    }

    public RequestHeader Header(uint handle = 0, uint timeoutHint = 0) =>
        new() { AuthenticationToken = Token, RequestHandle = handle, TimeoutHint = timeoutHint };

    public Task<StatusCode> ReadAsync(FakeConnection connection) =>
        connection.ResultAsync(new ReadRequest { RequestHeader = Header() });

    public ActivateSessionRequest ActivateRequest(
        FakeConnection connection, IStructure? user = null, byte[]? nonce = null,
        SignatureData? userSignature = null)
    {
        var policy = connection.Channel.Policy;
        return new ActivateSessionRequest
        {
            RequestHeader = Header(),
            ClientSignature = connection.Client is { } client
                ? new SignatureData
                {
                    Algorithm = policy.SignatureUri,
                    Signature = SignatureProof.Sign(
                        policy, client.Key, created.ServerCertificate, nonce ?? ServerNonce),
                }
                : new SignatureData(),
            UserIdentityToken = user is null ? null : new ExtensionObject(user),
            UserTokenSignature = userSignature ?? new SignatureData(),
        };
    }

    /// <summary>Activates, as anonymous unless a token is given.</summary>
    public async Task<StatusCode> ActivateAsync(
        FakeConnection connection, IStructure? user = null, byte[]? nonce = null,
        SignatureData? userSignature = null)
    {
        var answer = await connection.AskAsync(ActivateRequest(connection, user, nonce, userSignature));
        if (answer is ActivateSessionResponse activated) ServerNonce = activated.ServerNonce!;
        return answer.ResponseHeader.ServiceResult;
    }

    /// <summary>A token of user name and password, encrypted as the endpoint of the session asks for it.</summary>
    public UserNameIdentityToken Password(FakeConnection connection, string user, string password, byte[]? nonce = null)
    {
        var endpoint = created.ServerEndpoints.First(e => e.SecurityPolicyUri == connection.Channel.Policy.Uri
            && e.SecurityMode == connection.Channel.Mode);
        var token = endpoint.UserIdentityTokens.First(static t => t.TokenType == UserTokenType.UserName);
        var policy = SecurityPolicy.ByUri(token.SecurityPolicyUri) ?? connection.Channel.Policy;
        using var certificate = System.Security.Cryptography.X509Certificates.X509CertificateLoader.LoadCertificate(
            CertificateBytes.Leaf(created.ServerCertificate).ToArray());
        using var key = CertificateKey.Public(certificate)!;
        return new UserNameIdentityToken
        {
            PolicyId = token.PolicyId,
            UserName = user,
            EncryptionAlgorithm = policy.EncryptionUri,
            Password = UserSecret.Encrypt(
                policy, key, System.Text.Encoding.UTF8.GetBytes(password), nonce ?? ServerNonce),
        };
    }
}
