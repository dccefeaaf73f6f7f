using EdgeTwin.OpcUa.Encoding;
using EdgeTwin.OpcUa.Schema;
using EdgeTwin.OpcUa.Security;
using EdgeTwin.OpcUa.Server.Sessions;
using EdgeTwin.OpcUa.Types;

namespace EdgeTwin.Tests.OpcUa.Server;

/// <summary>Sessions: OPC 10000-4 §5.7.</summary>
public class SessionTests
{
    private const string Secure = "Basic256Sha256";
    private const MessageSecurityMode Encrypted = MessageSecurityMode.SignAndEncrypt;
    private static readonly StatusCode Good = StatusCodes.Good;

    [Fact]
    public async Task The_token_is_a_random_secret_that_says_nothing_of_the_session_id()
    {
        await using var rig = new ServerRig();
        var connection = rig.Connect();
        var one = (await TestSession.CreateAsync(connection)).Created;
        var two = (await TestSession.CreateAsync(connection)).Created;
        Assert.Equal(IdType.Opaque, one.AuthenticationToken.IdType);
        Assert.Equal(SessionToken.Length, one.AuthenticationToken.Opaque!.Length);
        Assert.NotEqual(one.AuthenticationToken, two.AuthenticationToken);
        Assert.NotEqual(one.SessionId, two.SessionId);
        Assert.NotEqual(one.AuthenticationToken, one.SessionId);
        Assert.DoesNotContain(Convert.ToBase64String(one.AuthenticationToken.Opaque), string.Concat(
            rig.Sessions.Table.All.Select(s => s.Token.ToString())), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_session_that_is_used_before_its_activation_is_closed()
    {
        await using var rig = new ServerRig();
        var connection = rig.Connect();
        var session = await TestSession.CreateAsync(connection);
        Assert.Equal(new StatusCode(StatusCodes.BadSessionNotActivated), await session.ReadAsync(connection));
        Assert.Equal(new StatusCode(StatusCodes.BadSessionIdInvalid), await session.ActivateAsync(connection));
        Assert.Equal(0, rig.Sessions.Table.Count);
    }

    [Fact]
    public async Task A_token_on_another_channel_is_refused_and_the_session_goes_on()
    {
        await using var rig = new ServerRig();
        var connection = rig.Connect();
        var session = await TestSession.OpenAsync(connection);
        var other = rig.Connect();
        Assert.Equal(new StatusCode(StatusCodes.BadSecureChannelIdInvalid), await session.ReadAsync(other));
        var close = new CloseSessionRequest { RequestHeader = session.Header() };
        Assert.Equal(new StatusCode(StatusCodes.BadSecureChannelIdInvalid), await other.ResultAsync(close));
        Assert.Equal(Good, await session.ReadAsync(connection));
    }

    [Fact]
    public async Task A_closed_session_is_not_found_any_more()
    {
        await using var rig = new ServerRig();
        var connection = rig.Connect();
        var session = await TestSession.OpenAsync(connection);
        Assert.True(connection.HasSession);
        Assert.Equal(Good, await connection.ResultAsync(new CloseSessionRequest { RequestHeader = session.Header() }));
        Assert.Equal(new StatusCode(StatusCodes.BadSessionIdInvalid), await session.ReadAsync(connection));
        Assert.False(connection.HasSession);
    }

    [Fact]
    public async Task A_silent_session_ends_with_its_timeout_and_a_request_prolongs_it()
    {
        await using var rig = new ServerRig();
        var connection = rig.Connect();
        var session = await TestSession.OpenAsync(connection);
        rig.Pass(TimeSpan.FromSeconds(50));
        Assert.Equal(Good, await session.ReadAsync(connection));
        rig.Pass(TimeSpan.FromSeconds(50));
        Assert.Equal(Good, await session.ReadAsync(connection));
        rig.Pass(TimeSpan.FromSeconds(60));
        Assert.Equal(new StatusCode(StatusCodes.BadSessionIdInvalid), await session.ReadAsync(connection));
        Assert.Equal(1u, rig.Sessions.TimeoutCount);
    }

    /// <summary>Else an attacker could keep it alive with activations that fail.</summary>
    [Fact]
    public async Task A_session_that_is_not_activated_ends_after_ten_seconds_whatever_it_asks()
    {
        await using var rig = new ServerRig();
        var connection = rig.Connect();
        var session = await TestSession.CreateAsync(connection);
        rig.Pass(TimeSpan.FromSeconds(9));
        var unknown = new UserNameIdentityToken { PolicyId = "nonsense", UserName = "a" };
        Assert.Equal(new StatusCode(StatusCodes.BadIdentityTokenInvalid),
            await session.ActivateAsync(connection, unknown));
        rig.Pass(TimeSpan.FromSeconds(1));
        Assert.Equal(0, rig.Sessions.Table.Count);
    }

    [Fact]
    public async Task A_flood_of_sessions_that_are_not_activated_keeps_nobody_out()
    {
        await using var rig = new ServerRig(static o => o with { Sessions = new SessionLimits { MaxSessions = 10 } });
        var kept = rig.Connect();
        var session = await TestSession.OpenAsync(kept);
        for (var i = 0; i < 300; i++) await TestSession.CreateAsync(rig.Connect());
        Assert.Equal(10, rig.Sessions.Table.Count);
        Assert.Equal(Good, await session.ReadAsync(kept));
        await TestSession.OpenAsync(rig.Connect());
    }

    [Fact]
    public async Task One_connection_displaces_only_its_own_half_made_sessions()
    {
        await using var rig = new ServerRig();
        var patient = rig.Connect();
        var session = await TestSession.CreateAsync(patient);
        var flooding = rig.Connect();
        for (var i = 0; i < 100; i++) await TestSession.CreateAsync(flooding);
        Assert.Equal(Good, await session.ActivateAsync(patient));
        Assert.True(rig.Sessions.Table.Count <= 4);
    }

    [Fact]
    public async Task A_server_full_of_sessions_in_use_refuses_more()
    {
        await using var rig = new ServerRig(static o => o with { Sessions = new SessionLimits { MaxSessions = 2 } });
        await TestSession.OpenAsync(rig.Connect());
        await TestSession.OpenAsync(rig.Connect());
        var connection = rig.Connect();
        Assert.Equal(new StatusCode(StatusCodes.BadTooManySessions),
            await connection.ResultAsync(TestSession.CreateRequest(connection)));
    }

    [Theory]
    [InlineData(0, 10_000)]
    [InlineData(-5, 10_000)]
    [InlineData(double.NaN, 10_000)]
    [InlineData(60_000, 60_000)]
    [InlineData(double.PositiveInfinity, 3_600_000)]
    public async Task The_timeout_is_revised(double asked, double given)
    {
        await using var rig = new ServerRig();
        var connection = rig.Connect();
        var answer = await connection.AskAsync<CreateSessionResponse>(
            new CreateSessionRequest { RequestedSessionTimeout = asked });
        Assert.Equal(given, answer.RevisedSessionTimeout);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(31)]
    [InlineData(5000)]
    public async Task A_client_nonce_of_another_length_is_refused(int length)
    {
        await using var rig = new ServerRig();
        var connection = rig.Connect(Secure, Encrypted);
        var request = new CreateSessionRequest
        {
            ClientNonce = new byte[length],
            ClientCertificate = connection.Client!.Chain,
        };
        Assert.Equal(new StatusCode(StatusCodes.BadNonceInvalid), await connection.ResultAsync(request));
    }

    [Fact]
    public async Task A_client_nonce_is_taken_once()
    {
        await using var rig = new ServerRig();
        var connection = rig.Connect(Secure, Encrypted);
        var request = TestSession.CreateRequest(connection);
        Assert.Equal(Good, await connection.ResultAsync(request));
        Assert.Equal(new StatusCode(StatusCodes.BadNonceInvalid), await connection.ResultAsync(request));
    }

    [Fact]
    public async Task A_certificate_that_is_not_the_channels_is_refused()
    {
        await using var rig = new ServerRig();
        var connection = rig.Connect(Secure, Encrypted);
        var foreign = rig.Connect(Secure, Encrypted, ServerRig.ClientCertificate(key: 3));
        Assert.Equal(new StatusCode(StatusCodes.BadCertificateInvalid),
            await connection.ResultAsync(TestSession.CreateRequest(foreign)));
    }

    [Fact]
    public async Task A_certificate_of_another_application_is_refused()
    {
        await using var rig = new ServerRig();
        var connection = rig.Connect(Secure, Encrypted, ServerRig.ClientCertificate("urn:test:another"));
        Assert.Equal(new StatusCode(StatusCodes.BadCertificateUriInvalid),
            await connection.ResultAsync(TestSession.CreateRequest(connection)));
    }

    [Theory]
    [InlineData("Basic256Sha256")]
    [InlineData("Aes128_Sha256_RsaOaep")]
    [InlineData("Aes256_Sha256_RsaPss")]
    public async Task The_server_proves_that_it_has_the_key_of_its_certificate(string name)
    {
        await using var rig = new ServerRig();
        var connection = rig.Connect(name, Encrypted);
        var request = TestSession.CreateRequest(connection);
        var answer = await connection.AskAsync<CreateSessionResponse>(request);
        Assert.True(SignatureProof.Verify(
            connection.Channel.Policy, connection.Channel.Own!.Key, request.ClientCertificate,
            request.ClientNonce, answer.ServerSignature.Algorithm, answer.ServerSignature.Signature));
        Assert.Equal(connection.Channel.Own.Chain, answer.ServerCertificate);
        Assert.Equal(32, answer.ServerNonce!.Length);
    }

    [Fact]
    public async Task Without_security_certificate_and_nonce_come_too_for_passwords_are_encrypted_with_them()
    {
        await using var rig = new ServerRig();
        var answer = (await TestSession.CreateAsync(rig.Connect())).Created;
        Assert.NotEmpty(answer.ServerCertificate!);
        Assert.Equal(32, answer.ServerNonce!.Length);
    }

    [Fact]
    public async Task The_endpoints_of_the_session_are_those_of_discovery()
    {
        await using var rig = new ServerRig();
        var connection = rig.Connect();
        var session = await TestSession.CreateAsync(connection);
        var discovery = await connection.AskAsync<GetEndpointsResponse>(
            new GetEndpointsRequest { EndpointUrl = ServerRig.EndpointUrl });
        Assert.Equal(Bytes(discovery.Endpoints), Bytes(session.Created.ServerEndpoints));
        Assert.Equal(7, discovery.Endpoints.Length);
    }

    [Fact]
    public async Task A_session_for_another_server_is_refused()
    {
        await using var rig = new ServerRig();
        var connection = rig.Connect();
        Assert.Equal(new StatusCode(StatusCodes.BadServerUriInvalid),
            await connection.ResultAsync(new CreateSessionRequest { ServerUri = "urn:somebody:else" }));
    }

    [Fact]
    public async Task Every_activation_brings_a_new_nonce_and_a_signature_over_an_old_one_is_refused()
    {
        await using var rig = new ServerRig();
        var connection = rig.Connect(Secure, Encrypted);
        var session = await TestSession.CreateAsync(connection);
        var first = session.ServerNonce;
        Assert.Equal(Good, await session.ActivateAsync(connection));
        var second = session.ServerNonce;
        Assert.NotEqual(first, second);
        Assert.Equal(new StatusCode(StatusCodes.BadApplicationSignatureInvalid),
            await session.ActivateAsync(connection, nonce: first));
        Assert.Equal(Good, await session.ActivateAsync(connection));
        Assert.NotEqual(second, session.ServerNonce);
    }

    [Fact]
    public async Task A_session_moves_to_another_channel_of_its_client()
    {
        await using var rig = new ServerRig();
        var old = rig.Connect(Secure, Encrypted);
        var session = await TestSession.OpenAsync(old);
        var next = rig.Connect(Secure, Encrypted, old.Client);
        rig.Sessions.OnConnectionClosed(old);
        Assert.Equal(Good, await session.ActivateAsync(next));
        Assert.Equal(Good, await session.ReadAsync(next));
        Assert.Equal(new StatusCode(StatusCodes.BadSecureChannelIdInvalid), await session.ReadAsync(old));
    }

    [Theory]
    [InlineData("None", MessageSecurityMode.None, 4)]
    [InlineData("Basic256Sha256", MessageSecurityMode.Sign, 4)]
    [InlineData("Aes256_Sha256_RsaPss", MessageSecurityMode.SignAndEncrypt, 4)]
    [InlineData("Basic256Sha256", MessageSecurityMode.SignAndEncrypt, 3)]
    public async Task A_session_moves_neither_to_less_security_nor_to_another_client(
        string policy, MessageSecurityMode mode, int key)
    {
        await using var rig = new ServerRig();
        var connection = rig.Connect(Secure, Encrypted);
        var session = await TestSession.OpenAsync(connection);
        var thief = rig.Connect(policy, mode, key == 4 ? connection.Client : ServerRig.ClientCertificate(key: key));
        Assert.Equal(new StatusCode(StatusCodes.BadSecurityChecksFailed), await session.ActivateAsync(thief));
        Assert.Equal(Good, await session.ReadAsync(connection));
    }

    [Fact]
    public async Task A_session_moves_only_with_its_user()
    {
        await using var rig = new ServerRig();
        var connection = rig.Connect();
        var session = await TestSession.CreateAsync(connection);
        Assert.Equal(Good, await session.ActivateAsync(connection, session.Password(connection, "user1", "pass1")));
        var next = rig.Connect();
        Assert.Equal(new StatusCode(StatusCodes.BadIdentityChangeNotSupported), await session.ActivateAsync(next));
        Assert.Equal(new StatusCode(StatusCodes.BadIdentityChangeNotSupported),
            await session.ActivateAsync(next, session.Password(next, "user2", "pass2")));
        Assert.Equal(Good, await session.ActivateAsync(next, session.Password(next, "user1", "pass1")));
        Assert.Equal(Good, await session.ReadAsync(next));
    }

    [Fact]
    public async Task The_first_activation_comes_over_the_channel_of_the_creation()
    {
        await using var rig = new ServerRig();
        var session = await TestSession.CreateAsync(rig.Connect());
        Assert.Equal(new StatusCode(StatusCodes.BadSecureChannelIdInvalid), await session.ActivateAsync(rig.Connect()));
    }

    private static byte[] Bytes(EndpointDescription[] endpoints)
    {
        using var buffer = MessageBuffer.Rent(1_000_000);
        new UaWriter(buffer).WriteStructureArray(endpoints);
        return buffer.Written.ToArray();
    }
}
