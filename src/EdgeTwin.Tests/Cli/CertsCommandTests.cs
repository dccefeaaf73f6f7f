using System.Text.Json;
using EdgeTwin.OpcUa.Certificates;
using EdgeTwin.OpcUa.Security;
using EdgeTwin.Tests.Configuration;
using EdgeTwin.Tests.OpcUa.Certificates;
using EdgeTwin.Tests.Support;
using Microsoft.Extensions.Logging.Abstractions;

namespace EdgeTwin.Tests.Cli;

/// <summary>First contact of two machines, as the person at the keyboard does it.</summary>
[Collection(RealTime.Name)]
public sealed class CertsCommandTests : IDisposable
{
    private readonly TemporaryFolder folder = new();
    private readonly string pki;

    public CertsCommandTests() => pki = Path.Combine(folder.Path, "pki");

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task A_rejected_certificate_is_explained_trusted_and_rejected_again()
    {
        using var certificate = TestAuthority.SelfSigned(
            static c => c.NotAfter = new DateTimeOffset(2090, 1, 1, 0, 0, 0, TimeSpan.Zero));
        var short8 = certificate.Thumbprint[..8];
        var store = Store();
        var validator = new CertificateValidator(
            store, new CertificateValidatorOptions(), TimeProvider.System, NullLogger.Instance);
        var question = new CertificateQuestion { Role = CertificateRole.Client };
        Assert.False(validator.Validate(certificate.RawData, question).IsAccepted);

        var listed = await RunAsync("list");
        Assert.Equal((0, ""), (listed.ExitCode, listed.Errors));
        Assert.Equal(
            $"""
            folder    thumbprint                               valid to   name
            rejected  {certificate.Thumbprint} 2090-01-01 Client (urn:test:client)
                      not trusted: compare the thumbprint with the peer's, then run 'edgetwin certs trust {short8}'

            """,
            listed.Output);

        var trusted = await RunAsync("trust", short8.ToLowerInvariant());
        Assert.Equal((0, "trusted: Client\n", ""), (trusted.ExitCode, trusted.Output, trusted.Errors));
        Assert.True(Accepts(certificate.RawData));

        var rejected = await RunAsync("reject", short8);
        Assert.Equal((0, "rejected: Client\n"), (rejected.ExitCode, rejected.Output));
        Assert.False(Accepts(certificate.RawData));
    }

    [Fact]
    public async Task The_certificates_and_lists_of_an_authority_come_from_files()
    {
        var root = TestAuthority.Root("Plant CA", change: static c =>
            c.NotAfter = new DateTimeOffset(2090, 1, 1, 0, 0, 0, TimeSpan.Zero));
        using var leaf = root.Leaf(static c => c.NotAfter = new DateTimeOffset(2089, 1, 1, 0, 0, 0, TimeSpan.Zero));
        var authority = folder.Write("ca.pem", root.Certificate.ExportCertificatePem());
        var list = Path.Combine(folder.Path, "ca.crl");
        await File.WriteAllBytesAsync(list, root.Revoke(TestAuthority.Start, TestAuthority.End.AddYears(50)));
        Assert.Equal(0, (await RunAsync("trust", authority)).ExitCode);
        Assert.False(Accepts(leaf.RawData));
        Assert.Equal("revocation list: Plant CA", (await RunAsync("trust", list)).Output[..25]);
        Assert.Single(Directory.GetFiles(Path.Combine(pki, "trusted", "crl")));
        Assert.True(Accepts(leaf.RawData));

        var wrong = await RunAsync("trust", folder.Write("note.txt", "no certificate"));
        Assert.Equal(1, wrong.ExitCode);
        Assert.Contains("neither a certificate nor a revocation list", wrong.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_own_certificate_is_exported_and_renewed()
    {
        var identity = new ApplicationIdentity
        {
            ApplicationUri = "urn:plant7:EdgeTwin",
            ApplicationName = "EdgeTwin",
            Organization = "Plant 7",
            HostNames = ["plant7"],
        };
        KeyFamily[] families = [KeyFamily.Rsa, KeyFamily.NistP256];
        using var before = ApplicationCertificates.LoadOrCreate(
            Store(), identity, families, TimeProvider.System, NullLogger.Instance);
        var file = Path.Combine(folder.Path, "own.der");
        Assert.Equal(0, (await RunAsync("export", before.All[0].Certificate.Thumbprint, "-o", file)).ExitCode);
        Assert.Equal(before.All[0].Der, await File.ReadAllBytesAsync(file));
        Assert.StartsWith("-----BEGIN CERTIFICATE-----", (await RunAsync("export")).Output, StringComparison.Ordinal);

        var renewed = await RunAsync("renew", "--new-key", "--json");
        Assert.Equal((0, ""), (renewed.ExitCode, renewed.Errors));
        using var line = JsonDocument.Parse(renewed.LastLine);
        Assert.True(File.Exists(line.RootElement.GetProperty("file").GetString()));
        using var after = ApplicationCertificates.LoadOrCreate(
            Store(), identity, families, TimeProvider.System, NullLogger.Instance);
        Assert.Equal(2, after.All.Count);
        for (var i = 0; i < 2; i++)
        {
            Assert.NotEqual(before.All[i].Der, after.All[i].Der);
            Assert.Equal(before.All[i].Certificate.Subject, after.All[i].Certificate.Subject);
            Assert.Equal("urn:plant7:EdgeTwin", after.All[i].ApplicationUri);
        }
    }

    [Fact]
    public async Task What_is_not_there_is_said_with_the_right_exit_code()
    {
        var missing = await RunAsync("list");
        Assert.Equal(
            (3, $"edgetwin: there are no certificates in {pki}; the gateway makes them at its first start\n"),
            (missing.ExitCode, missing.Errors));
        Assert.False(Directory.Exists(pki));
        Store();
        var unknown = await RunAsync("trust", "ABCD1234");
        Assert.Equal(1, unknown.ExitCode);
        Assert.Contains("no certificate's thumbprint begins with 'ABCD1234'", unknown.Errors, StringComparison.Ordinal);
        Assert.Equal(1, (await RunAsync("renew")).ExitCode);
        Assert.Equal(1, (await RunAsync("export")).ExitCode);
    }

    private Task<ProgramResult> RunAsync(string verb, params string[] arguments) =>
        EdgetwinProcess.RunAsync(["certs", verb, .. arguments, "--pki", pki]);

    private CertificateStore Store() => new(pki, TimeProvider.System, NullLogger.Instance);

    private bool Accepts(byte[] der) => new CertificateValidator(
        Store(), new CertificateValidatorOptions(), TimeProvider.System, NullLogger.Instance)
        .Validate(der, new CertificateQuestion { Role = CertificateRole.Client }).IsAccepted;
}
