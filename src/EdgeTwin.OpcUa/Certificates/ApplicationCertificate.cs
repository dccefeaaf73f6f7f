using System.Security.Cryptography.X509Certificates;
using EdgeTwin.OpcUa.Security;

namespace EdgeTwin.OpcUa.Certificates;

/// <summary>An own certificate with its private key, ready for channels. Owned by <see cref="ApplicationCertificates"/>
/// and used by many connections.</summary>
public sealed class ApplicationCertificate : IDisposable
{
    internal ApplicationCertificate(
        string path, ParsedCertificate certificate, X509Certificate2 withKey, IEnumerable<byte[]> issuers)
    {
        Path = path;
        Parsed = certificate;
        Certificate = withKey;
        Key = CertificateKey.Private(withKey);
        Chain = [.. certificate.Der, .. issuers.SelectMany(static i => i)];
        Thumbprint = CertificateBytes.Thumbprint(certificate.Der);
    }

    /// <summary>The file of the certificate.</summary>
    public string Path { get; }

    /// <summary>The certificate with its private key.</summary>
    public X509Certificate2 Certificate { get; }

    /// <summary>The private key.</summary>
    public CertificateKey Key { get; }

    /// <summary>DER of the certificate alone.</summary>
    public byte[] Der => Parsed.Der;

    /// <summary>DER of the certificate, and behind it the authorities below the top one: what is sent.</summary>
    public byte[] Chain { get; }

    /// <summary>SHA-1 of the certificate, by which peers name it in OpenSecureChannel.</summary>
    public byte[] Thumbprint { get; }

    /// <summary>Valid to, UTC.</summary>
    public DateTime NotAfter => Parsed.NotAfter;

    /// <summary>Application URI that it names; null when it names none.</summary>
    public string? ApplicationUri => Parsed.Extensions.Uris.FirstOrDefault();

    /// <summary>Whether this application issued it to itself; else an authority must renew it.</summary>
    public bool IsSelfSigned => Parsed.IsSelfSigned;

    internal ParsedCertificate Parsed { get; }

    /// <summary>What the certificate says, for making the next one.</summary>
    public ApplicationIdentity ToIdentity() => new()
    {
        ApplicationUri = ApplicationUri ?? "",
        ApplicationName = Parsed.DisplayName,
        Organization = Certificate.SubjectName.EnumerateRelativeDistinguishedNames()
            .FirstOrDefault(static n => !n.HasMultipleElements && n.GetSingleElementType().Value == Oids.Organization)
            ?.GetSingleElementValue(),
        HostNames = Parsed.Extensions.DnsNames,
        Addresses = Parsed.Extensions.Addresses,
        RsaKeyBits = Key.Family == KeyFamily.Rsa ? Key.Bits : 2048,
        Lifetime = NotAfter - Parsed.NotBefore,
    };

    /// <inheritdoc/>
    public void Dispose()
    {
        Key.Dispose();
        Certificate.Dispose();
    }
}
