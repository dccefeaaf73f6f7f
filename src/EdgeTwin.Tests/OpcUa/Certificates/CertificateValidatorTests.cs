using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using EdgeTwin.OpcUa.Certificates;
using EdgeTwin.OpcUa.Schema;
using EdgeTwin.OpcUa.Security;
using EdgeTwin.Tests.Support;

namespace EdgeTwin.Tests.OpcUa.Certificates;

/// <summary>The steps of OPC 10000-4 §6.1.3 on a single, self-signed certificate.</summary>
public class CertificateValidatorTests
{
    [Fact]
    public void A_trusted_certificate_is_accepted()
    {
        using var certificate = TestAuthority.SelfSigned();
        using var pki = new PkiFixture().Trusting(certificate);
        foreach (var role in Enum.GetValues<CertificateRole>())
        {
            var verdict = pki.Ask(certificate.RawData, role, "urn:test:client", "PLANT.example");
            Assert.True(verdict.IsAccepted, verdict.Reason);
            Assert.Equal("urn:test:client", verdict.ApplicationUri);
            Assert.Equal(KeyFamily.Rsa, verdict.Key!.Family);
        }

        Assert.Empty(pki.Store.List(CertificateFolder.Rejected));
    }

    [Fact]
    public void An_unknown_certificate_is_refused_kept_and_explained_but_the_peer_learns_nothing()
    {
        using var certificate = TestAuthority.SelfSigned();
        using var pki = new PkiFixture();
        var verdict = pki.Ask(certificate.RawData);
        AssertRefused(StatusCodes.BadCertificateUntrusted, StatusCodes.BadSecurityChecksFailed, verdict);
        Assert.Contains($"certs trust {certificate.Thumbprint[..8]}", verdict.Reason, StringComparison.Ordinal);
        var kept = Assert.Single(pki.Store.List(CertificateFolder.Rejected));
        Assert.Equal($"Client [{certificate.Thumbprint}].der", Path.GetFileName(kept.Path));
        Assert.Equal(verdict.Reason, kept.Reason);
    }

    [Fact]
    public void What_a_person_trusts_is_accepted_at_once()
    {
        using var certificate = TestAuthority.SelfSigned();
        using var pki = new PkiFixture();
        Assert.False(pki.Ask(certificate.RawData).IsAccepted);
        pki.Store.Trust(certificate.RawData);
        Assert.True(pki.Ask(certificate.RawData).IsAccepted);
        Assert.Empty(pki.Store.List(CertificateFolder.Rejected));
        pki.Store.Distrust(certificate.RawData);
        Assert.False(pki.Ask(certificate.RawData).IsAccepted);
    }

    // A tool or a person moves the file; PEM is as good as DER.
    [Fact]
    public void A_file_that_is_moved_by_hand_is_seen_within_a_second()
    {
        using var certificate = TestAuthority.SelfSigned();
        using var pki = new PkiFixture();
        Assert.False(pki.Ask(certificate.RawData).IsAccepted);
        File.WriteAllText(
            Path.Combine(pki.Folder(CertificateFolder.Trusted), "by hand.pem"),
            "a remark\n" + certificate.ExportCertificatePem());
        pki.Clock.Advance(TimeSpan.FromSeconds(1));
        Assert.True(pki.Ask(certificate.RawData).IsAccepted);
    }

    [Fact]
    public void A_certificate_out_of_its_time_is_refused()
    {
        using var early = TestAuthority.SelfSigned(static c => c.NotBefore = TestAuthority.Start.AddYears(2));
        using var late = TestAuthority.SelfSigned(static c => c.NotAfter = TestAuthority.Start.AddMonths(1));
        using var pki = new PkiFixture().Trusting(early, late);
        AssertRefused(StatusCodes.BadCertificateTimeInvalid, pki.Ask(early.RawData));
        AssertRefused(StatusCodes.BadCertificateTimeInvalid, pki.Ask(late.RawData));
    }

    // From 2050 on times are written as GeneralizedTime (RFC 5280 §4.1.2.5).
    [Fact]
    public void A_certificate_may_end_after_2050()
    {
        using var certificate = TestAuthority.SelfSigned(
            static c => c.NotAfter = new DateTimeOffset(9999, 12, 31, 23, 59, 59, TimeSpan.Zero));
        using var pki = new PkiFixture().Trusting(certificate);
        Assert.True(pki.Ask(certificate.RawData).IsAccepted);
    }

    [Fact]
    public void A_verdict_is_not_remembered_beyond_the_end_of_the_certificate_for_long()
    {
        using var certificate = TestAuthority.SelfSigned(
            static c => c.NotAfter = new DateTimeOffset(2026, 1, 1, 0, 5, 0, TimeSpan.Zero));
        using var pki = new PkiFixture().Trusting(certificate);
        Assert.True(pki.Ask(certificate.RawData).IsAccepted);
        pki.Clock.Advance(TimeSpan.FromMinutes(6));
        Assert.False(pki.Ask(certificate.RawData).IsAccepted);
    }

    [Fact]
    public void Another_application_uri_or_host_is_refused()
    {
        using var certificate = TestAuthority.SelfSigned();
        using var pki = new PkiFixture().Trusting(certificate);
        AssertRefused(StatusCodes.BadCertificateUriInvalid, pki.Ask(certificate.RawData, uri: "urn:test:other"));
        AssertRefused(StatusCodes.BadCertificateHostNameInvalid,
            pki.Ask(certificate.RawData, CertificateRole.Server, host: "other.example"));
        AssertRefused(StatusCodes.BadCertificateHostNameInvalid,
            pki.Ask(certificate.RawData, CertificateRole.Server, host: "10.0.0.1"));
        Assert.True(pki.Ask(certificate.RawData, CertificateRole.Server, host: "127.0.0.1").IsAccepted);
        Assert.True(pki.Ask(certificate.RawData, CertificateRole.Client, host: "other.example").IsAccepted);
    }

    [Fact]
    public void A_key_for_other_uses_is_refused()
    {
        using var noSignature = TestAuthority.SelfSigned(static c => c.Usage = X509KeyUsageFlags.KeyEncipherment);
        using var noEncryption = TestAuthority.SelfSigned(static c => c.Usage = X509KeyUsageFlags.DigitalSignature);
        using var serverOnly = TestAuthority.SelfSigned(static c => c.ExtendedUsage = ["1.3.6.1.5.5.7.3.1"]);
        using var pki = new PkiFixture().Trusting(noSignature, noEncryption, serverOnly);
        AssertRefused(StatusCodes.BadCertificateUseNotAllowed, pki.Ask(noSignature.RawData));
        AssertRefused(StatusCodes.BadCertificateUseNotAllowed, pki.Ask(noEncryption.RawData));
        AssertRefused(StatusCodes.BadCertificateUseNotAllowed, pki.Ask(serverOnly.RawData));
        Assert.True(pki.Ask(serverOnly.RawData, CertificateRole.Server).IsAccepted);
        Assert.True(pki.Ask(noEncryption.RawData, CertificateRole.User).IsAccepted);
    }

    [Fact]
    public void A_weak_key_or_signature_is_refused()
    {
        using var shortKey = RSA.Create(1024);
        using var weak = TestAuthority.SelfSigned(c => c.Key = shortKey);
        using var pki = new PkiFixture().Trusting(weak);
        AssertRefused(
            StatusCodes.BadCertificatePolicyCheckFailed, StatusCodes.BadSecurityChecksFailed, pki.Ask(weak.RawData));
    }

    [Fact]
    public void A_P384_key_signed_with_SHA256_is_refused()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP384);
        using var weak = Ecc(key, HashAlgorithmName.SHA256);
        using var good = Ecc(key, HashAlgorithmName.SHA384);
        using var pki = new PkiFixture().Trusting(weak, good);
        AssertRefused(StatusCodes.BadCertificatePolicyCheckFailed, pki.Ask(weak.RawData));
        Assert.True(pki.Ask(good.RawData).IsAccepted);
    }

    [Fact]
    public void A_key_of_another_kind_than_the_policys_is_refused()
    {
        using var certificate = TestAuthority.SelfSigned();
        using var pki = new PkiFixture().Trusting(certificate);
        var question = new CertificateQuestion { Role = CertificateRole.Client, Policy = SecurityPolicy.EccNistP256 };
        AssertRefused(
            StatusCodes.BadCertificatePolicyCheckFailed, pki.Validator.Validate(certificate.RawData, question));
        question = question with { Policy = SecurityPolicy.Basic256Sha256 };
        Assert.True(pki.Validator.Validate(certificate.RawData, question).IsAccepted);
    }

    [Fact]
    public void A_critical_extension_that_is_not_understood_is_refused()
    {
        using var certificate = TestAuthority.SelfSigned(
            static c => c.More = new X509Extension("1.2.3.4.5", [5, 0], critical: true));
        using var pki = new PkiFixture().Trusting(certificate);
        AssertRefused(StatusCodes.BadCertificateInvalid, pki.Ask(certificate.RawData));
    }

    [Fact]
    public void All_problems_are_told_in_the_order_of_the_steps()
    {
        using var certificate = TestAuthority.SelfSigned(static c =>
        {
            c.NotAfter = TestAuthority.Start.AddMonths(1);
            c.Usage = X509KeyUsageFlags.KeyEncipherment;
        });
        using var pki = new PkiFixture();
        Assert.Equal(
            [CertificateCheck.Trust, CertificateCheck.Time, CertificateCheck.ApplicationUri, CertificateCheck.Use],
            pki.Ask(certificate.RawData, uri: "urn:other").Problems.Select(static p => p.Check));
    }

    // Fifty times the same refusal, as from a client that tries again and again.
    [Fact]
    public void A_repeated_refusal_is_reported_once_a_minute()
    {
        using var certificate = TestAuthority.SelfSigned();
        var log = new CollectingLogger();
        using var pki = new PkiFixture(logger: log);
        for (var i = 0; i < 50; i++) pki.Ask(certificate.RawData);
        Assert.Equal(1, log.Count(2164));
        pki.Clock.Advance(TimeSpan.FromMinutes(1));
        pki.Ask(certificate.RawData);
        Assert.Equal(2, log.Count(2164));
    }

    [Fact]
    public void A_tool_may_accept_whom_nobody_trusts_but_not_what_is_wrong_otherwise()
    {
        using var unknown = TestAuthority.SelfSigned();
        using var late = TestAuthority.SelfSigned(static c => c.NotAfter = TestAuthority.Start.AddMonths(1));
        using var pki = new PkiFixture(new CertificateValidatorOptions { AcceptUntrusted = true });
        Assert.True(pki.Ask(unknown.RawData).IsAccepted);
        AssertRefused(StatusCodes.BadCertificateTimeInvalid, pki.Ask(late.RawData));
    }

    internal static void AssertRefused(uint status, CertificateVerdict verdict)
    {
        Assert.Equal(StatusCodes.Name(status), StatusCodes.Name(verdict.Status.Value));
        Assert.NotNull(verdict.Reason);
    }

    internal static void AssertRefused(uint status, uint peerStatus, CertificateVerdict verdict)
    {
        AssertRefused(status, verdict);
        Assert.Equal(StatusCodes.Name(peerStatus), StatusCodes.Name(verdict.PeerStatus.Value));
    }

    private static X509Certificate2 Ecc(ECDsa key, HashAlgorithmName hash)
    {
        var request = new CertificateRequest("CN=ecc", key, hash);
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, true));
        return request.CreateSelfSigned(TestAuthority.Start, TestAuthority.End);
    }
}
