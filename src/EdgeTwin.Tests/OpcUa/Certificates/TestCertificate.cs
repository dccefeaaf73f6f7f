using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace EdgeTwin.Tests.OpcUa.Certificates;

/// <summary>What a certificate of a test shall say: a good application certificate unless changed.</summary>
internal sealed class TestCertificate(string name, RSA key)
{
    public string Name { get; set; } = name;

    public RSA Key { get; set; } = key;

    public PublicKey? OtherKey { get; set; }

    public DateTimeOffset NotBefore { get; set; } = TestAuthority.Start;

    public DateTimeOffset NotAfter { get; set; } = TestAuthority.End;

    public string? Uri { get; set; } = "urn:test:client";

    public string Host { get; set; } = "plant.example";

    public bool IsAuthority { get; set; }

    public int? PathLength { get; set; }

    public HashAlgorithmName Hash { get; set; } = HashAlgorithmName.SHA256;

    public X509KeyUsageFlags Usage { get; set; } = X509KeyUsageFlags.DigitalSignature
        | X509KeyUsageFlags.NonRepudiation | X509KeyUsageFlags.KeyEncipherment | X509KeyUsageFlags.DataEncipherment;

    public string[] ExtendedUsage { get; set; } = ["1.3.6.1.5.5.7.3.1", "1.3.6.1.5.5.7.3.2"];

    public X509Extension? More { get; set; }

    public X509Certificate2 Issue(X500DistinguishedName issuer, X509SignatureGenerator signer, byte[] serial)
    {
        var publicKey = OtherKey ?? new PublicKey(Key);
        var request = new CertificateRequest(new X500DistinguishedName($"CN={Name}"), publicKey, Hash);
        var extensions = request.CertificateExtensions;
        extensions.Add(new X509KeyUsageExtension(Usage, critical: true));
        extensions.Add(new X509BasicConstraintsExtension(IsAuthority, PathLength is not null, PathLength ?? 0, true));
        extensions.Add(new X509SubjectKeyIdentifierExtension(publicKey, critical: false));
        if (ExtendedUsage.Length > 0)
        {
            var uses = new OidCollection();
            foreach (var use in ExtendedUsage) uses.Add(new Oid(use));
            extensions.Add(new X509EnhancedKeyUsageExtension(uses, critical: false));
        }

        if (Uri is not null)
        {
            var names = new SubjectAlternativeNameBuilder();
            names.AddUri(new Uri(Uri));
            names.AddDnsName(Host);
            names.AddIpAddress(System.Net.IPAddress.Loopback);
            extensions.Add(names.Build());
        }

        if (More is not null) extensions.Add(More);
        return request.Create(issuer, signer, NotBefore, NotAfter, serial);
    }
}
