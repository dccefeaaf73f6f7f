using System.Security.Cryptography.X509Certificates;
using EdgeTwin.OpcUa.Certificates;
using EdgeTwin.Tests.Support;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace EdgeTwin.Tests.OpcUa.Certificates;

/// <summary>A pki folder of a test, with a validator on a test clock standing in 2026.</summary>
internal sealed class PkiFixture : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("edgetwin-pki-").FullName;

    public PkiFixture(CertificateValidatorOptions? options = null, ILogger? logger = null)
    {
        Store = new CertificateStore(Path.Combine(folder, "pki"), Clock, logger ?? NullLogger.Instance);
        Validator = new CertificateValidator(
            Store, options ?? new CertificateValidatorOptions(), Clock, logger ?? NullLogger.Instance);
    }

    public ManualTimeProvider Clock { get; } = new();

    public CertificateStore Store { get; }

    public CertificateValidator Validator { get; }

    public DateTimeOffset Now => Clock.GetUtcNow();

    public string Folder(CertificateFolder which) => Store.FolderOf(which);

    public PkiFixture Trusting(params X509Certificate2[] certificates)
    {
        foreach (var certificate in certificates) Store.Trust(certificate.RawData);
        return this;
    }

    public PkiFixture Knowing(params X509Certificate2[] issuers)
    {
        foreach (var issuer in issuers) Store.AddIssuer(issuer.RawData);
        return this;
    }

    public PkiFixture WithList(string room, byte[] list, string name = "list")
    {
        File.WriteAllBytes(Path.Combine(Store.Path, room, "crl", $"{name}-{Guid(list)}.crl"), list);
        return this;
    }

    public CertificateVerdict Ask(
        byte[] chain, CertificateRole role = CertificateRole.Client, string? uri = null, string? host = null) =>
        Validator.Validate(chain, new CertificateQuestion { Role = role, ApplicationUri = uri, HostName = host });

    public void Dispose() => Directory.Delete(folder, recursive: true);

    private static string Guid(byte[] bytes) =>
        Convert.ToHexString(System.Security.Cryptography.SHA256.HashData(bytes))[..8];
}
