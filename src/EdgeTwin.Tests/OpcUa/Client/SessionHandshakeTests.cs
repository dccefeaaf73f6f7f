using EdgeTwin.OpcUa.Channel;
using EdgeTwin.OpcUa.Client;
using EdgeTwin.OpcUa.Client.Sessions;
using EdgeTwin.OpcUa.Encoding;
using EdgeTwin.OpcUa.Schema;
using EdgeTwin.OpcUa.Security;
using EdgeTwin.OpcUa.Types;
using EdgeTwin.Tests.OpcUa.Security;

namespace EdgeTwin.Tests.OpcUa.Client;

/// <summary>What a client holds against the server before it tells who it is (OPC 10000-4 §5.7.2, §5.7.3).</summary>
public sealed class SessionHandshakeTests : IDisposable
{
    private readonly OwnCertificate own = new(TestKeys.Rsa);
    private readonly CertificateKey serverKey = CertificateKey.Private(TestKeys.OtherRsa);

    public void Dispose()
    {
        own.Dispose();
        serverKey.Dispose();
    }

    [Fact]
    public void A_server_that_shows_its_key_is_accepted()
    {
        var (handshake, response) = Created();
        Assert.Equal(new NodeId(1, 7), handshake.Accept(response).SessionId);
    }

    [Fact]
    public void Another_certificate_than_the_channels_is_refused()
    {
        var (handshake, response) = Created(certificate: TestKeys.Rsa.RawData);
        Assert.Equal(StatusCodes.BadCertificateInvalid, Refused(() => handshake.Accept(response)));
    }

    [Fact]
    public void A_signature_over_something_else_is_refused()
    {
        var (handshake, response) = Created(signedNonce: new byte[32]);
        Assert.Equal(StatusCodes.BadApplicationSignatureInvalid, Refused(() => handshake.Accept(response)));
    }

    [Fact]
    public void A_nonce_that_is_short_or_used_twice_is_refused()
    {
        var (handshake, response) = Created(serverNonce: new byte[31]);
        Assert.Equal(StatusCodes.BadNonceInvalid, Refused(() => handshake.Accept(response)));

        (handshake, response) = Created();
        var session = handshake.Accept(response);
        Assert.Equal(StatusCodes.BadNonceInvalid, Refused(() => handshake.Accept(
            session, new ActivateSessionResponse { ServerNonce = response.ServerNonce })));
    }

    [Fact]
    public void A_password_is_never_told_in_the_clear()
    {
        var target = Target(SecurityPolicy.None, MessageSecurityMode.None);
        var session = new SessionSecrets
        {
            SessionId = 1u,
            AuthenticationToken = 2u,
            Timeout = TimeSpan.FromMinutes(1),
            ServerCertificate = TestKeys.OtherRsa.RawData,
            ServerNonce = new byte[32],
        };
        Assert.Equal(StatusCodes.BadSecurityPolicyRejected, Refused(() => UserToken.Make(
            new PasswordUser("u", "secret"), target, session, null, default)));

        // Control: a token policy with a policy of its own encrypts it.
        target = Target(SecurityPolicy.None, MessageSecurityMode.None, SecurityPolicy.Basic256Sha256.Uri);
        var token = Assert.IsType<UserNameIdentityToken>(
            UserToken.Make(new PasswordUser("u", "secret"), target, session, null, default).Token);
        Assert.True(UserSecret.TryDecrypt(
            SecurityPolicy.Basic256Sha256, serverKey, token.Password, session.ServerNonce, out var secret));
        Assert.Equal("secret"u8, secret);
    }

    private static uint Refused(Action action) => Assert.Throws<OpcUaException>(action).Status.Value;

    private static SessionTarget Target(SecurityPolicy policy, MessageSecurityMode mode, string? tokenPolicy = null) =>
        new(new Uri("opc.tcp://plc:4840"), new EndpointDescription
        {
            SecurityPolicyUri = policy.Uri,
            SecurityMode = mode,
            ServerCertificate = TestKeys.OtherRsa.RawData,
            UserIdentityTokens =
            [
                new UserTokenPolicy
                {
                    PolicyId = "p", TokenType = UserTokenType.UserName, SecurityPolicyUri = tokenPolicy,
                },
            ],
        }, policy, []);

    private (SessionHandshake Handshake, CreateSessionResponse Response) Created(
        byte[]? certificate = null, byte[]? serverNonce = null, byte[]? signedNonce = null)
    {
        var policy = SecurityPolicy.Basic256Sha256;
        var handshake = new SessionHandshake(
            new OpcUaClientOptions
            {
                EndpointUrl = new Uri("opc.tcp://plc:4840"),
                ApplicationUri = "urn:client",
                Certificate = own,
                SecurityPolicy = policy,
            }, Target(policy, MessageSecurityMode.Sign));
        var request = handshake.Create(new RequestHeader());
        return (handshake, new CreateSessionResponse
        {
            SessionId = new NodeId(1, 7),
            AuthenticationToken = new NodeId(1, 8),
            ServerCertificate = certificate ?? TestKeys.OtherRsa.RawData,
            ServerNonce = serverNonce ?? [.. Enumerable.Range(0, 32).Select(static i => (byte)i)],
            ServerSignature = new SignatureData
            {
                Algorithm = policy.SignatureUri,
                Signature = SignatureProof.Sign(
                    policy, serverKey, own.Leaf, signedNonce ?? request.ClientNonce),
            },
        });
    }
}
