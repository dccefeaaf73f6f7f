using System.Security.Cryptography.X509Certificates;
using EdgeTwin.OpcUa.Security;

namespace EdgeTwin.OpcUa.Channel;

/// <summary>An application certificate of this side with its private key, ready for many channels. Not disposed while a
/// connection uses it.</summary>
public sealed class OwnCertificate : IDisposable
{
    /// <summary>Takes a certificate with its private key.</summary>
    /// <param name="certificate">The certificate; its private key must be RSA, P-256 or P-384.</param>
    /// <param name="chain">DER of the certificate and its issuers, the leaf first, as it is sent; null sends the leaf
    /// alone.</param>
    /// <exception cref="ArgumentException">There is no private key, or of another kind.</exception>
    public OwnCertificate(X509Certificate2 certificate, byte[]? chain = null)
    {
        ArgumentNullException.ThrowIfNull(certificate);
        Certificate = certificate;
        Key = CertificateKey.Private(certificate);
        Leaf = certificate.RawData;
        Chain = chain ?? Leaf;
        Thumbprint = CertificateBytes.Thumbprint(Leaf);
    }

    /// <summary>The certificate.</summary>
    public X509Certificate2 Certificate { get; }

    /// <summary>The private key.</summary>
    public CertificateKey Key { get; }

    /// <summary>DER of the certificate.</summary>
    public byte[] Leaf { get; }

    /// <summary>DER of what is sent to the peer: the certificate, then its issuers.</summary>
    public byte[] Chain { get; }

    /// <summary>SHA-1 of the DER, by which a peer says for which certificate it encrypted.</summary>
    public byte[] Thumbprint { get; }

    /// <summary>Forgets the private key; the certificate stays its owner's.</summary>
    public void Dispose() => Key.Dispose();
}
