using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using EdgeTwin.OpcUa.Server.Users;
using EdgeTwin.Serving.OpcUa;
using Microsoft.Extensions.Logging.Abstractions;

namespace EdgeTwin.Tests.Serving.OpcUa;

public sealed class ConfiguredUsersTests : IDisposable
{
    private readonly X509Certificate2 jane = Make("CN=jane, O=Acme");

    public void Dispose() => jane.Dispose();

    [Fact]
    public void A_certificate_gives_the_role_of_the_user_that_names_it_by_thumbprint_or_subject()
    {
        var sha256 = jane.GetCertHashString(HashAlgorithmName.SHA256);
        var spaced = string.Join(':', jane.Thumbprint.ToLowerInvariant().Chunk(2).Select(pair => new string(pair)));
        Assert.All((string[])[jane.Thumbprint, spaced, sha256, "CN=jane, O=Acme", "CN=jane,O=Acme"], name =>
        {
            Assert.Null(UserCertificate.ProblemWith(name));
            var identity = Users(name).LogOn(jane)!;
            Assert.Equal(("j", true), (identity.Name, identity.Roles.HasFlag(Roles.Operator)));
        });
    }

    [Fact]
    public void A_trusted_certificate_that_nobody_names_looks()
    {
        using var other = Make("CN=jane, O=Other");
        var identity = Users("CN=jane, O=Acme").LogOn(other)!;
        Assert.Equal((other.Subject, false, true),
            (identity.Name, identity.Roles.HasFlag(Roles.Operator), identity.Roles.HasFlag(Roles.Observer)));
    }

    [Fact]
    public void Who_has_a_certificate_cannot_log_on_with_a_password() =>
        Assert.Null(Users("CN=jane, O=Acme").LogOn("j", ""u8));

    [Fact]
    public void The_limits_of_the_configuration_are_those_of_the_server()
    {
        var config = new OpcUaServerConfig
        {
            MaxMonitoredItems = 321,
            MinPublishingInterval = TimeSpan.FromMilliseconds(75),
        };
        var limits = TwinServerOptions.From(config, "g", "pki", Users("CN=jane")).Limits;
        var subscriptions = EdgeTwin.OpcUa.Server.Subscriptions.SubscriptionLimits.Of(limits);
        Assert.Equal((321, TimeSpan.FromMilliseconds(75)),
            (subscriptions.MaxItems, subscriptions.MinPublishingInterval));
    }

    private static ConfiguredUsers Users(string certificate) => new(
        new OpcUaServerConfig
        {
            Users = new Dictionary<string, OpcUaUserConfig>
            {
                ["j"] = new() { Certificate = certificate, Role = OpcUaRole.Operator },
            },
        }, "/", NullLogger.Instance);

    private static X509Certificate2 Make(string subject)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest(subject, key, HashAlgorithmName.SHA256);
        var from = new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
        return request.CreateSelfSigned(from, from.AddYears(10));
    }
}
