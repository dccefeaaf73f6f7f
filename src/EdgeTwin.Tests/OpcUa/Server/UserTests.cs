using System.Net;
using System.Security.Cryptography.X509Certificates;
using EdgeTwin.OpcUa.Channel;
using EdgeTwin.OpcUa.Schema;
using EdgeTwin.OpcUa.Security;
using EdgeTwin.OpcUa.Server.Users;
using EdgeTwin.OpcUa.Types;

namespace EdgeTwin.Tests.OpcUa.Server;

/// <summary>Users: OPC 10000-4 §5.7.3, §7.40.</summary>
public class UserTests
{
    private static readonly StatusCode Good = StatusCodes.Good;
    private static readonly StatusCode Denied = StatusCodes.BadUserAccessDenied;

    [Fact]
    public async Task Nobody_is_let_in_unless_configured()
    {
        await using var rig = new ServerRig(static o => o with { Users = UserTable.Nobody });
        var connection = rig.Connect();
        var session = await TestSession.CreateAsync(connection);
        Assert.Equal(new StatusCode(StatusCodes.BadIdentityTokenRejected), await session.ActivateAsync(connection));
        Assert.Empty(session.Created.ServerEndpoints[0].UserIdentityTokens);
    }

    [Theory]
    [InlineData("None", MessageSecurityMode.None)]
    [InlineData("Basic256Sha256", MessageSecurityMode.Sign)]
    [InlineData("Basic256Sha256", MessageSecurityMode.SignAndEncrypt)]
    [InlineData("Aes128_Sha256_RsaOaep", MessageSecurityMode.SignAndEncrypt)]
    [InlineData("Aes256_Sha256_RsaPss", MessageSecurityMode.SignAndEncrypt)]
    public async Task A_user_logs_on_by_a_password_that_is_always_encrypted(string policy, MessageSecurityMode mode)
    {
        await using var rig = new ServerRig();
        var connection = rig.Connect(policy, mode);
        var session = await TestSession.CreateAsync(connection);
        var token = session.Password(connection, "user1", "pass1");
        Assert.NotEmpty(token.EncryptionAlgorithm!);
        Assert.Equal(Good, await session.ActivateAsync(connection, token));
        var user = rig.Sessions.Table.All[0].User;
        Assert.Equal((UserKind.UserName, "user1"), (user.Kind, user.Name));
        Assert.True(user.HasAny(Roles.Operator));
    }

    [Fact]
    public async Task Unknown_user_wrong_password_and_bad_secrets_look_the_same()
    {
        var users = new CountingUsers();
        await using var rig = new ServerRig(o => o with { Users = users });
        var connection = rig.Connect();
        var session = await TestSession.CreateAsync(connection);
        var good = session.Password(connection, "user1", "pass1");
        Assert.Equal(Denied, await session.ActivateAsync(connection, session.Password(connection, "nobody", "pass1")));
        Assert.Equal(Denied, await session.ActivateAsync(connection, session.Password(connection, "user1", "pass2")));
        Assert.Equal(Denied, await session.ActivateAsync(
            connection, session.Password(connection, "user1", "pass1", nonce: new byte[32])));
        var garbage = new UserNameIdentityToken
        {
            PolicyId = good.PolicyId,
            UserName = "user1",
            EncryptionAlgorithm = good.EncryptionAlgorithm,
            Password = new byte[256],
        };
        Assert.Equal(Denied, await session.ActivateAsync(connection, garbage));
        // The hash was made each time: the time says nothing either.
        Assert.Equal(4, users.Judged);
    }

    [Fact]
    public async Task A_password_in_the_clear_is_refused_without_a_look()
    {
        var users = new CountingUsers();
        await using var rig = new ServerRig(o => o with { Users = users });
        var connection = rig.Connect();
        var session = await TestSession.CreateAsync(connection);
        var plain = new UserNameIdentityToken
        {
            PolicyId = session.Password(connection, "user1", "x").PolicyId,
            UserName = "user1",
            Password = "pass1"u8.ToArray(),
        };
        Assert.Equal(new StatusCode(StatusCodes.BadIdentityTokenInvalid),
            await session.ActivateAsync(connection, plain));
        Assert.Equal(0, users.Judged);
    }

    [Fact]
    public async Task A_secret_of_an_earlier_session_is_worth_nothing()
    {
        await using var rig = new ServerRig();
        var connection = rig.Connect();
        var first = await TestSession.CreateAsync(connection);
        var replayed = first.Password(connection, "user1", "pass1");
        var second = await TestSession.CreateAsync(connection);
        Assert.Equal(Denied, await second.ActivateAsync(connection, replayed));
    }

    [Fact]
    public async Task Guessing_is_slowed_for_the_guessed_user_only_and_ends()
    {
        await using var rig = new ServerRig();
        var guessing = rig.Connect();
        for (var i = 0; i < 6; i++)
        {
            var attempt = await TestSession.CreateAsync(guessing);
            Assert.Equal(Denied, await attempt.ActivateAsync(
                guessing, attempt.Password(guessing, "user1", $"guess{i}")));
        }

        Assert.Equal(Denied, await LogOnAsync(rig, "user1", "pass1"));
        Assert.Equal(Good, await LogOnAsync(rig, "user2", "pass2"));
        var anonymous = rig.Connect();
        await TestSession.OpenAsync(anonymous);
        var elsewhere = rig.Connect();
        elsewhere.Remote = new IPEndPoint(IPAddress.Parse("192.0.2.99"), 1);
        var session = await TestSession.CreateAsync(elsewhere);
        Assert.Equal(Good, await session.ActivateAsync(elsewhere, session.Password(elsewhere, "user1", "pass1")));

        rig.Time.Advance(TimeSpan.FromMinutes(2));
        Assert.Equal(Good, await LogOnAsync(rig, "user1", "pass1"));
    }

    [Fact]
    public async Task A_user_with_a_trusted_certificate_logs_on_by_its_signature()
    {
        using var pki = new TemporaryPki();
        var user = ServerRig.ClientCertificate(key: 2);
        File.WriteAllBytes(pki.File("users/trusted/certs/user.der"), user.Leaf);
        await using var rig = new ServerRig(o => o with { PkiFolder = pki.Path });
        var connection = rig.Connect();
        var session = await TestSession.CreateAsync(connection);
        var token = new X509IdentityToken { PolicyId = CertificatePolicy(session), CertificateData = user.Leaf };
        Assert.Equal(new StatusCode(StatusCodes.BadUserSignatureInvalid),
            await session.ActivateAsync(connection, token));
        Assert.Equal(new StatusCode(StatusCodes.BadUserSignatureInvalid),
            await session.ActivateAsync(connection, token, userSignature: Sign(session, user, new byte[32])));
        Assert.Equal(Good, await session.ActivateAsync(
            connection, token, userSignature: Sign(session, user, session.ServerNonce)));
        Assert.Equal(UserKind.Certificate, rig.Sessions.Table.All[0].User.Kind);
    }

    [Fact]
    public async Task A_user_whose_certificate_is_not_trusted_is_refused()
    {
        using var pki = new TemporaryPki();
        await using var rig = new ServerRig(o => o with { PkiFolder = pki.Path });
        var connection = rig.Connect();
        var session = await TestSession.CreateAsync(connection);
        var user = ServerRig.ClientCertificate(key: 2);
        var token = new X509IdentityToken { PolicyId = CertificatePolicy(session), CertificateData = user.Leaf };
        Assert.Equal(new StatusCode(StatusCodes.BadIdentityTokenRejected), await session.ActivateAsync(
            connection, token, userSignature: Sign(session, user, session.ServerNonce)));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    [InlineData(5000)]
    public async Task A_user_certificate_that_is_none_is_refused(int length)
    {
        await using var rig = new ServerRig();
        var connection = rig.Connect();
        var session = await TestSession.CreateAsync(connection);
        var token = new X509IdentityToken { PolicyId = CertificatePolicy(session), CertificateData = new byte[length] };
        Assert.Equal(new StatusCode(StatusCodes.BadIdentityTokenInvalid),
            await session.ActivateAsync(connection, token));
    }

    [Fact]
    public void A_password_hash_survives_its_text_and_differs_for_each_user()
    {
        var one = PasswordHash.Of("secret"u8);
        Assert.NotEqual(one.ToString(), PasswordHash.Of("secret"u8).ToString());
        var read = PasswordHash.Parse(one.ToString());
        Assert.True(read.Matches("secret"u8));
        Assert.False(read.Matches("Secret"u8));
        Assert.Throws<FormatException>(static () => PasswordHash.Parse("secret"));
        Assert.Throws<FormatException>(static () => PasswordHash.Parse("pbkdf2-sha256$2000000000$AAAA$AAAA"));
    }

    private static async Task<StatusCode> LogOnAsync(ServerRig rig, string user, string password)
    {
        var connection = rig.Connect();
        var session = await TestSession.CreateAsync(connection);
        return await session.ActivateAsync(connection, session.Password(connection, user, password));
    }

    private static string CertificatePolicy(TestSession session) => session.Created.ServerEndpoints
        .First(static e => e.SecurityMode == MessageSecurityMode.None).UserIdentityTokens
        .First(static t => t.TokenType == UserTokenType.Certificate).PolicyId!;

    private static SignatureData Sign(TestSession session, OwnCertificate user, byte[] nonce) => new()
    {
        Algorithm = SecurityPolicy.Basic256Sha256.SignatureUri,
        Signature = SignatureProof.Sign(SecurityPolicy.Basic256Sha256, user.Key, session.Created.ServerCertificate,
            nonce),
    };

    private sealed class CountingUsers : IUserValidator
    {
        private int judged;

        public int Judged => judged;

        public bool Offers(UserKind kind) => kind == UserKind.UserName;

        public UserIdentity? LogOnAnonymous() => null;

        public UserIdentity? LogOn(string name, ReadOnlySpan<byte> password)
        {
            Interlocked.Increment(ref judged);
            return name == "user1" && password.SequenceEqual("pass1"u8)
                ? new UserIdentity(UserKind.UserName, name, Roles.Operator)
                : null;
        }

        public UserIdentity? LogOn(X509Certificate2 certificate) => null;
    }

    private sealed class TemporaryPki : IDisposable
    {
        private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("user-pki-");

        public string Path => folder.FullName;

        public string File(string name)
        {
            var path = System.IO.Path.Combine(Path, name);
            Directory.CreateDirectory(System.IO.Path.GetDirectoryName(path)!);
            return path;
        }

        public void Dispose() => folder.Delete(recursive: true);
    }
}
