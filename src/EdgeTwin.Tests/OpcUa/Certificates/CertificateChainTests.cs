using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using EdgeTwin.OpcUa.Certificates;
using EdgeTwin.OpcUa.Schema;
using static EdgeTwin.Tests.OpcUa.Certificates.CertificateValidatorTests;

namespace EdgeTwin.Tests.OpcUa.Certificates;

/// <summary>Certificates of authorities: root, line below it, client below that.</summary>
public class CertificateChainTests
{
    private readonly TestAuthority root = TestAuthority.Root();
    private readonly TestAuthority line;
    private readonly X509Certificate2 leaf;

    public CertificateChainTests()
    {
        line = root.Below("Line", 1);
        leaf = line.Leaf();
    }

    [Fact]
    public void A_chain_of_three_is_accepted_whoever_brings_its_parts()
    {
        using var inFolders = WithLists(new PkiFixture().Trusting(root.Certificate).Knowing(line.Certificate));
        AssertAccepted(inFolders.Ask(leaf.RawData));
        using var sent = WithLists(new PkiFixture().Trusting(root.Certificate));
        AssertAccepted(sent.Ask([.. leaf.RawData, .. line.Der]));
        AssertAccepted(sent.Ask([.. leaf.RawData, .. root.Der, .. line.Der]));
        using var leafTrusted = WithLists(new PkiFixture().Trusting(leaf).Knowing(line.Certificate, root.Certificate));
        AssertAccepted(leafTrusted.Ask(leaf.RawData));
    }

    [Fact]
    public void Issuers_complete_a_chain_but_are_not_trusted()
    {
        using var pki = WithLists(new PkiFixture().Knowing(root.Certificate, line.Certificate));
        AssertRefused(StatusCodes.BadCertificateUntrusted, pki.Ask(leaf.RawData));
    }

    [Fact]
    public void A_missing_issuer_is_told_by_the_certificate_that_lacks_it()
    {
        using var pki = WithLists(new PkiFixture().Trusting(line.Certificate, leaf));
        var verdict = pki.Ask(leaf.RawData);
        AssertRefused(
            StatusCodes.BadCertificateChainIncomplete, StatusCodes.BadSecurityChecksFailed, verdict);
        Assert.Contains("the authority 'Line'", verdict.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void A_revoked_leaf_is_refused()
    {
        using var pki = Trusted().WithList("trusted", root.Revoke(TestAuthority.Start, TestAuthority.End))
            .WithList("issuers", line.Revoke(TestAuthority.Start, TestAuthority.End, leaf));
        AssertRefused(
            StatusCodes.BadCertificateRevoked, StatusCodes.BadSecurityChecksFailed, pki.Ask(leaf.RawData));
    }

    [Fact]
    public void A_revoked_authority_is_refused()
    {
        using var pki = Trusted()
            .WithList("trusted", root.Revoke(TestAuthority.Start, TestAuthority.End, line.Certificate))
            .WithList("issuers", line.Revoke(TestAuthority.Start, TestAuthority.End));
        AssertRefused(StatusCodes.BadCertificateIssuerRevoked, pki.Ask(leaf.RawData));
    }

    [Fact]
    public void A_newer_list_takes_the_place_of_an_older_one()
    {
        using var pki = WithLists(Trusted())
            .WithList("issuers", line.Revoke(TestAuthority.Start.AddDays(9), TestAuthority.End, leaf));
        AssertRefused(StatusCodes.BadCertificateRevoked, pki.Ask(leaf.RawData));
    }

    [Fact]
    public void A_missing_list_is_refused_unless_the_plant_has_none()
    {
        using var noList = Trusted().WithList("trusted", root.Revoke(TestAuthority.Start, TestAuthority.End));
        AssertRefused(StatusCodes.BadCertificateRevocationUnknown, noList.Ask(leaf.RawData));
        using var noRootList = Trusted().WithList("issuers", line.Revoke(TestAuthority.Start, TestAuthority.End));
        AssertRefused(StatusCodes.BadCertificateIssuerRevocationUnknown, noRootList.Ask(leaf.RawData));
        using var relaxed = Trusted(new CertificateValidatorOptions { RequireRevocationLists = false });
        AssertAccepted(relaxed.Ask(leaf.RawData));
    }

    [Fact]
    public void A_list_that_ran_out_or_that_another_signed_is_as_good_as_none()
    {
        using var old = Trusted().WithList("trusted", root.Revoke(TestAuthority.Start, TestAuthority.End))
            .WithList("issuers", line.Revoke(TestAuthority.Start, TestAuthority.Start.AddDays(30)));
        AssertRefused(StatusCodes.BadCertificateRevocationUnknown, old.Ask(leaf.RawData));

        var impostor = TestAuthority.Root("Line", 3);
        using var forged = Trusted().WithList("trusted", root.Revoke(TestAuthority.Start, TestAuthority.End))
            .WithList("issuers", impostor.Revoke(TestAuthority.Start, TestAuthority.End));
        AssertRefused(StatusCodes.BadCertificateRevocationUnknown, forged.Ask(leaf.RawData));
    }

    [Fact]
    public void A_damaged_list_is_passed_over()
    {
        using var pki = WithLists(Trusted()).WithList("trusted", RandomNumberGenerator.GetBytes(300))
            .WithList("trusted", root.Revoke(TestAuthority.Start, TestAuthority.End)[..^9]);
        AssertAccepted(pki.Ask(leaf.RawData));
    }

    [Fact]
    public void A_signature_that_is_not_the_issuers_is_refused()
    {
        var forged = leaf.RawData.ToArray();
        forged[^1] ^= 1;
        using var pki = WithLists(Trusted());
        AssertRefused(StatusCodes.BadCertificateInvalid, StatusCodes.BadSecurityChecksFailed, pki.Ask(forged));
        using var ownSigned = TestAuthority.SelfSigned();
        var forgedOwn = ownSigned.RawData.ToArray();
        forgedOwn[^1] ^= 1;
        AssertRefused(StatusCodes.BadCertificateInvalid, pki.Ask(forgedOwn));
    }

    // What a thief of a name would do: an authority called like ours, with a key of its own.
    [Fact]
    public void An_authority_of_the_same_name_with_another_key_does_not_count()
    {
        var impostor = TestAuthority.Root("Root", 3);
        using var stolen = impostor.Leaf();
        using var pki = WithLists(Trusted());
        Assert.False(pki.Ask([.. stolen.RawData, .. impostor.Der]).IsAccepted);
    }

    [Fact]
    public void An_authority_that_ended_is_refused()
    {
        var old = root.Below("Old", 2, static c => c.NotAfter = TestAuthority.Start.AddMonths(1));
        using var certificate = old.Leaf();
        using var pki = new PkiFixture(new CertificateValidatorOptions { RequireRevocationLists = false })
            .Trusting(root.Certificate);
        AssertRefused(
            StatusCodes.BadCertificateIssuerTimeInvalid, pki.Ask([.. certificate.RawData, .. old.Der]));
    }

    // The attack on many stacks: a leaf that issues further leaves.
    [Fact]
    public void Who_is_no_authority_cannot_issue()
    {
        var noAuthority = root.Below("NoAuthority", 2, static c => c.IsAuthority = false);
        var noSigner = root.Below("NoSigner", 2, static c => c.Usage = X509KeyUsageFlags.DigitalSignature);
        var flat = root.Below("Flat", 2, static c => c.PathLength = 0);
        var belowFlat = flat.Below("BelowFlat", 3);
        using var pki = new PkiFixture(new CertificateValidatorOptions { RequireRevocationLists = false })
            .Trusting(root.Certificate);
        using var a = noAuthority.Leaf();
        using var b = noSigner.Leaf();
        using var c = belowFlat.Leaf();
        AssertRefused(StatusCodes.BadCertificateIssuerUseNotAllowed, pki.Ask([.. a.RawData, .. noAuthority.Der]));
        AssertRefused(StatusCodes.BadCertificateIssuerUseNotAllowed, pki.Ask([.. b.RawData, .. noSigner.Der]));
        AssertRefused(StatusCodes.BadCertificateIssuerUseNotAllowed,
            pki.Ask([.. c.RawData, .. belowFlat.Der, .. flat.Der]));
    }

    [Fact]
    public void An_authoritys_certificate_is_no_applications()
    {
        using var pki = WithLists(Trusted());
        AssertRefused(StatusCodes.BadCertificateUseNotAllowed, pki.Ask(line.Der));
    }

    // CVE class "loop in chain building": A is issued by B and B by A.
    [Fact]
    public void Certificates_that_issue_each_other_end_the_search()
    {
        var a = TestAuthority.Root("A", 0);
        var b = TestAuthority.Root("B", 1);
        var aByB = b.Below("A", 0);
        var bByA = a.Below("B", 1);
        using var certificate = aByB.Leaf();
        using var pki = new PkiFixture().Trusting(aByB.Certificate, bByA.Certificate);
        AssertRefused(StatusCodes.BadCertificateChainIncomplete, pki.Ask(certificate.RawData));
    }

    [Fact]
    public void A_chain_that_is_too_long_is_refused()
    {
        var lowest = root;
        byte[] above = [];
        for (var i = 0; i < 8; i++)
        {
            lowest = lowest.Below($"Level{i}", 1 + i % 3);
            above = [.. lowest.Der, .. above];
        }

        using var certificate = lowest.Leaf();
        using var pki = new PkiFixture().Trusting(root.Certificate);
        Assert.False(pki.Ask([.. certificate.RawData, .. above]).IsAccepted);
        foreach (var der in CertificateFiles(above)) pki.Store.AddIssuer(der);
        AssertRefused(StatusCodes.BadCertificateChainIncomplete, pki.Ask(certificate.RawData));
    }

    [Fact]
    public void Bytes_that_are_no_certificate_are_refused()
    {
        using var pki = WithLists(Trusted());
        var good = leaf.RawData;
        byte[][] bad =
        [
            [], [0x30], [0x30, 0x80, 0, 0], RandomNumberGenerator.GetBytes(900), good[..^1], [.. good, 0],
            [.. good, .. good[..10]], [0x30, 0x84, 0xFF, 0xFF, 0xFF, 0xFF, .. good], new byte[4 * 1024 * 1024],
            [.. good, .. new byte[5 * 1024 * 1024]], [0x30, 3, 2, 1, 1],
            [.. Enumerable.Repeat((byte[])[0x30, 0x82, 0x10, 0], 1000).SelectMany(static x => x)],
        ];
        Assert.All(bad, bytes => AssertRefused(
            StatusCodes.BadCertificateInvalid, StatusCodes.BadSecurityChecksFailed, pki.Ask(bytes)));
        Assert.Empty(pki.Store.List(CertificateFolder.Rejected));
    }

    [Fact]
    public void A_certificate_with_any_byte_changed_is_refused_and_never_breaks_the_validator()
    {
        using var certificate = TestAuthority.SelfSigned();
        using var pki = new PkiFixture().Trusting(certificate);
        var bytes = certificate.RawData.ToArray();
        for (var i = 0; i < bytes.Length; i++)
        {
            foreach (var flip in (byte[])[0x01, 0x80, 0xFF])
            {
                bytes[i] ^= flip;
                Assert.False(pki.Validator.Explain(
                    bytes, new CertificateQuestion { Role = CertificateRole.Client }).IsAccepted);
                bytes[i] ^= flip;
            }
        }
    }

    private static IEnumerable<byte[]> CertificateFiles(byte[] chain) =>
        EdgeTwin.OpcUa.Security.CertificateBytes.Split(chain, 100)!;

    private static void AssertAccepted(CertificateVerdict verdict) => Assert.True(verdict.IsAccepted, verdict.Reason);

    private PkiFixture Trusted(CertificateValidatorOptions? options = null) =>
        new PkiFixture(options).Trusting(root.Certificate).Knowing(line.Certificate);

    private PkiFixture WithLists(PkiFixture pki) => pki
        .WithList("trusted", root.Revoke(TestAuthority.Start, TestAuthority.End))
        .WithList("issuers", line.Revoke(TestAuthority.Start, TestAuthority.End));
}
