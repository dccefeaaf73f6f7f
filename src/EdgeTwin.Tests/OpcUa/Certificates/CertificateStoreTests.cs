using EdgeTwin.OpcUa.Certificates;

namespace EdgeTwin.Tests.OpcUa.Certificates;

public class CertificateStoreTests
{
    // A scan of the port with ever new certificates must not fill the disk.
    [Fact]
    public void The_folder_of_refused_certificates_is_bounded()
    {
        using var pki = new PkiFixture();
        var root = TestAuthority.Root();
        for (var i = 0; i < CertificateStore.MostRejected + 10; i++)
        {
            using var certificate = root.Leaf();
            Assert.True(ParsedCertificate.TryParse(certificate.RawData, out var parsed));
            pki.Store.KeepRejected(parsed, "test");
        }

        Assert.Equal(CertificateStore.MostRejected, pki.Store.List(CertificateFolder.Rejected).Count);
    }

    [Fact]
    public void A_flood_of_new_certificates_writes_few_files()
    {
        using var pki = new PkiFixture();
        var root = TestAuthority.Root();
        for (var i = 0; i < 60; i++)
        {
            using var certificate = root.Leaf();
            Assert.False(pki.Ask(certificate.RawData).IsAccepted);
        }

        Assert.InRange(pki.Store.List(CertificateFolder.Rejected).Count, 1, 20);
    }

    // The name comes from the peer.
    [Theory]
    [InlineData("../../../etc/passwd", "_________etc_passwd")]
    [InlineData("a/b\\c\0d\ne", "a_b_c_d_e")]
    [InlineData("Press 3 @ line-1", "Press 3 @ line-1")]
    [InlineData("", "")]
    public void A_file_name_cannot_leave_its_folder(string commonName, string expected) =>
        Assert.Equal($"{expected} [AB]", PkiFiles.NameOf(commonName, "AB"));

    [Fact]
    public void A_file_that_is_no_certificate_does_not_hide_the_others()
    {
        using var certificate = TestAuthority.SelfSigned();
        using var pki = new PkiFixture().Trusting(certificate);
        var folder = pki.Folder(CertificateFolder.Trusted);
        File.WriteAllText(Path.Combine(folder, "a readme.txt"), "-----BEGIN nonsense");
        File.WriteAllText(Path.Combine(folder, "b.pem"),
            "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n");
        File.WriteAllBytes(Path.Combine(folder, "c.der"), []);
        pki.Clock.Advance(TimeSpan.FromSeconds(2));
        Assert.True(pki.Ask(certificate.RawData).IsAccepted);
        Assert.Single(pki.Store.List(CertificateFolder.Trusted));
    }

    [Fact]
    public void A_bundle_of_several_certificates_trusts_all_of_them()
    {
        using var first = TestAuthority.SelfSigned();
        using var second = TestAuthority.SelfSigned(static c => c.Name = "Other");
        using var pki = new PkiFixture();
        File.WriteAllText(
            Path.Combine(pki.Folder(CertificateFolder.Trusted), "bundle.pem"),
            first.ExportCertificatePem() + "\n" + second.ExportCertificatePem());
        Assert.True(pki.Ask(first.RawData).IsAccepted);
        Assert.True(pki.Ask(second.RawData).IsAccepted);
    }

    [Fact]
    public void A_thousand_questions_about_one_client_cost_one_validation()
    {
        using var certificate = TestAuthority.SelfSigned();
        using var pki = new PkiFixture().Trusting(certificate);
        var first = pki.Ask(certificate.RawData);
        for (var i = 0; i < 1000; i++) Assert.Same(first.Key, pki.Ask(certificate.RawData).Key);
    }
}
