using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace EdgeTwin.Tests.RealPeers;

/// <summary>A certificate authority that lives for one test.</summary>
internal static class TestAuthority
{
    /// <summary>Password of <c>client.p12</c>.</summary>
    public const string Password = "secret";

    /// <summary>Writes <c>ca.pem</c>, <c>server.pem</c> and <c>server.key</c> for 127.0.0.1 and localhost into a
    /// folder, and for a client <c>pump</c> <c>client.pem</c>, <c>client.key</c>, the same key under the password as
    /// <c>client-locked.key</c>, and <c>client.p12</c>.</summary>
    public static void WriteTo(string folder) => WriteTo(folder, isExpired: false);

    /// <summary>The same; the server's certificate may have been valid until an hour ago.</summary>
    public static void WriteTo(string folder, bool isExpired)
    {
        var from = TimeProvider.System.GetUtcNow().AddDays(-1);
        using var authorityKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var authorityRequest =
            new CertificateRequest("CN=EdgeTwin test authority", authorityKey, HashAlgorithmName.SHA256);
        authorityRequest.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        authorityRequest.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign, true));
        using var authority = authorityRequest.CreateSelfSigned(from, from.AddDays(30));

        using var serverKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=localhost", serverKey, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("localhost");
        names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        using var server = request.Create(authority, from,
            isExpired ? from.AddHours(23) : from.AddDays(20), [1, 2, 3, 4]);

        using var clientKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var client = new CertificateRequest("CN=pump", clientKey, HashAlgorithmName.SHA256)
            .Create(authority, from, from.AddDays(20), [1, 2, 3, 5]);
        using var clientWithKey = client.CopyWithPrivateKey(clientKey);
        File.WriteAllText(Path.Combine(folder, "client.pem"), client.ExportCertificatePem());
        File.WriteAllText(Path.Combine(folder, "client.key"), clientKey.ExportPkcs8PrivateKeyPem());
        File.WriteAllText(Path.Combine(folder, "client-locked.key"), clientKey.ExportEncryptedPkcs8PrivateKeyPem(
            Password, new PbeParameters(PbeEncryptionAlgorithm.Aes256Cbc, HashAlgorithmName.SHA256, 1000)));
        File.WriteAllBytes(Path.Combine(folder, "client.p12"),
            clientWithKey.Export(X509ContentType.Pkcs12, Password));
        File.WriteAllText(Path.Combine(folder, "ca.pem"), authority.ExportCertificatePem());
        File.WriteAllText(Path.Combine(folder, "server.pem"), server.ExportCertificatePem());
        File.WriteAllText(Path.Combine(folder, "server.key"), serverKey.ExportPkcs8PrivateKeyPem());
    }
}
