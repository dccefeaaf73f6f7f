using System.Net;
using System.Security.Cryptography.X509Certificates;
using EdgeTwin.OpcUa.Certificates;
using EdgeTwin.OpcUa.Security;
using Microsoft.Extensions.Logging.Abstractions;

namespace EdgeTwin.Tests.OpcUa.Certificates;

public class ApplicationCertificateTests
{
    private static readonly ApplicationIdentity Identity = new()
    {
        ApplicationUri = "urn:plant7:EdgeTwin:Press 3",
        ApplicationName = "EdgeTwin Press 3",
        Organization = "Plant, 7",
        HostNames = ["press3", "press3.plant7.example"],
        Addresses = [IPAddress.Parse("192.0.2.7"), IPAddress.Parse("2001:db8::7")],
    };

    private static readonly KeyFamily[] AllFamilies = [KeyFamily.Rsa, KeyFamily.NistP256, KeyFamily.NistP384];

    // OPC 10000-6 §6.2.2.
    [Fact]
    public void The_first_start_makes_a_certificate_per_family_that_peers_accept()
    {
        using var pki = new PkiFixture();
        using var own = Load(pki);
        Assert.Equal(3, own.All.Count);
        foreach (var policy in SecurityPolicy.All.Where(static p => p.IsSecure))
        {
            var certificate = own.For(policy)!;
            Assert.Equal(certificate.Der, certificate.Chain);
            Assert.Same(certificate, own.ByThumbprint(certificate.Thumbprint));
            Assert.InRange((certificate.NotAfter - pki.Clock.UtcNow).TotalDays, 5 * 365 - 1, 5 * 365 + 1);
            Assert.Equal(2, certificate.Certificate.SerialNumber.Length / 16);
            Assert.True(Convert.FromHexString(certificate.Certificate.SerialNumber)[0] < 0x80);

            using var peer = new PkiFixture().Trusting(certificate.Certificate);
            foreach (var host in (string[])["press3", "PRESS3.plant7.example", "192.0.2.7", "2001:db8::7"])
            {
                var verdict = peer.Validator.Validate(certificate.Chain, new CertificateQuestion
                {
                    Role = CertificateRole.Server,
                    Policy = policy,
                    ApplicationUri = Identity.ApplicationUri,
                    HostName = host,
                });
                Assert.True(verdict.IsAccepted, verdict.Reason);
            }

            Assert.True(peer.Ask(certificate.Chain).IsAccepted);
        }

        Assert.Null(own.For(SecurityPolicy.None));
        Assert.Null(own.ByThumbprint(new byte[20]));
    }

    [Fact]
    public void The_next_start_uses_the_same_certificate_and_key()
    {
        using var pki = new PkiFixture();
        using var first = Load(pki);
        using var second = Load(pki);
        Assert.Equal(first.All.Select(static c => c.Der), second.All.Select(static c => c.Der));
        var proof = SignatureProof.Sign(SecurityPolicy.Basic256Sha256, second.All[0].Key, [], []);
        Assert.True(SignatureProof.Verify(
            SecurityPolicy.Basic256Sha256, first.All[0].Key, [], [], null, proof));
    }

    [Fact]
    public void Only_the_owner_can_read_the_key()
    {
        using var pki = new PkiFixture();
        using var own = Load(pki);
        var folder = Path.Combine(pki.Store.Path, "own", "private");
        var keys = Directory.GetFiles(folder);
        Assert.Equal(3, keys.Length);
        if (OperatingSystem.IsWindows()) return;
        foreach (var key in keys)
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(key));
        Assert.Equal(
            UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(folder));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_renewed_certificate_takes_the_old_ones_place(bool keepKey)
    {
        using var pki = new PkiFixture();
        using var before = Load(pki);
        pki.Clock.Advance(TimeSpan.FromDays(100));
        var old = before.For(SecurityPolicy.Basic256Sha256)!;
        ApplicationCertificates.Create(pki.Store, Identity, KeyFamily.Rsa, pki.Clock, keepKey ? old : null).Dispose();
        using var after = Load(pki);
        var renewed = after.For(SecurityPolicy.Basic256Sha256)!;
        Assert.True(renewed.NotAfter > old.NotAfter);
        Assert.Equal(
            keepKey, renewed.Certificate.GetPublicKey().AsSpan().SequenceEqual(old.Certificate.GetPublicKey()));
    }

    [Fact]
    public void Another_application_uri_gets_a_certificate_of_its_own()
    {
        using var pki = new PkiFixture();
        using var first = Load(pki);
        using var second = ApplicationCertificates.LoadOrCreate(
            pki.Store, Identity with { ApplicationUri = "urn:other" }, [KeyFamily.Rsa], pki.Clock,
            NullLogger.Instance);
        Assert.Equal("urn:other", second.All[0].ApplicationUri);
    }

    // A plant with its own authority brings certificate, chain and key as files.
    [Fact]
    public void A_certificate_of_an_authority_is_sent_with_its_chain_but_without_the_top()
    {
        using var pki = new PkiFixture();
        var root = TestAuthority.Root();
        var line = root.Below("Line", 1);
        using var leaf = line.Leaf(static c => c.Uri = "urn:own");
        File.WriteAllText(
            Path.Combine(pki.Folder(CertificateFolder.Own), "press.pem"),
            $"{leaf.ExportCertificatePem()}\n{line.Certificate.ExportCertificatePem()}\n"
            + root.Certificate.ExportCertificatePem());
        File.WriteAllText(
            Path.Combine(pki.Store.Path, "own", "private", "press.pem"),
            TestAuthority.SharedKey(4).ExportRSAPrivateKeyPem());
        using var own = ApplicationCertificates.LoadOrCreate(
            pki.Store, Identity with { ApplicationUri = "urn:own" }, [KeyFamily.Rsa], pki.Clock, NullLogger.Instance);
        Assert.Equal(leaf.RawData, own.All[0].Der);
        Assert.Equal([.. leaf.RawData, .. line.Der], own.All[0].Chain);
    }

    [Fact]
    public void A_certificate_without_its_key_or_with_another_is_passed_over()
    {
        using var pki = new PkiFixture();
        var root = TestAuthority.Root();
        using var noKey = root.Leaf(static c => c.Uri = "urn:own");
        File.WriteAllBytes(Path.Combine(pki.Folder(CertificateFolder.Own), "a.der"), noKey.RawData);
        File.WriteAllBytes(Path.Combine(pki.Folder(CertificateFolder.Own), "b.der"), noKey.RawData);
        File.WriteAllText(
            Path.Combine(pki.Store.Path, "own", "private", "b.pem"),
            TestAuthority.SharedKey(0).ExportPkcs8PrivateKeyPem());
        using var own = ApplicationCertificates.LoadOrCreate(
            pki.Store, Identity with { ApplicationUri = "urn:own" }, [KeyFamily.Rsa], pki.Clock, NullLogger.Instance);
        Assert.NotEqual(noKey.RawData, own.All[0].Der);
    }

    // A board without a battery for its clock.
    [Fact]
    public void A_clock_in_the_past_does_not_make_a_certificate_that_has_ended()
    {
        using var key = System.Security.Cryptography.RSA.Create(2048);
        using var made = CertificateMaker.SelfSigned(Identity, key, DateTimeOffset.UnixEpoch);
        Assert.Equal(2030, made.NotAfter.ToUniversalTime().Year);
    }

    [Fact]
    public void An_application_uri_that_is_not_ascii_is_the_callers_mistake()
    {
        using var key = System.Security.Cryptography.RSA.Create(2048);
        Assert.Throws<ArgumentException>(() => CertificateMaker.SelfSigned(
            Identity with { ApplicationUri = "urn:größe" }, key, DateTimeOffset.UnixEpoch));
    }

    private static ApplicationCertificates Load(PkiFixture pki) =>
        ApplicationCertificates.LoadOrCreate(pki.Store, Identity, AllFamilies, pki.Clock, NullLogger.Instance);
}
