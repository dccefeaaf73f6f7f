using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using EdgeTwin.OpcUa.Encoding;
using EdgeTwin.OpcUa.Schema;
using EdgeTwin.OpcUa.Security;

namespace EdgeTwin.OpcUa.Channel;

/// <summary>The application certificate that the peer of a channel has proven to hold the key of.</summary>
public sealed class PeerCertificate : IDisposable
{
    private PeerCertificate(byte[] chain, byte[] leaf, X509Certificate2 certificate, CertificateKey key) =>
        (Chain, Leaf, Certificate, Key) = (chain, leaf, certificate, key);

    /// <summary>DER as it was sent: the certificate, possibly with its issuers behind it.</summary>
    public byte[] Chain { get; }

    /// <summary>DER of the certificate alone.</summary>
    public byte[] Leaf { get; }

    /// <summary>The certificate.</summary>
    public X509Certificate2 Certificate { get; }

    /// <summary>Its public key.</summary>
    public CertificateKey Key { get; }

    /// <summary>Reads what a peer sent.</summary>
    /// <param name="chain">DER of the certificate and its issuers, the leaf first.</param>
    /// <param name="policy">The policy that it is to be used with.</param>
    /// <exception cref="OpcUaException">It cannot be read (<c>BadCertificateInvalid</c>), or its key does not fit the
    /// policy (<c>BadSecurityChecksFailed</c>).</exception>
    public static PeerCertificate Read(ReadOnlySpan<byte> chain, SecurityPolicy policy)
    {
        var leaf = CertificateBytes.Leaf(chain);
        if (leaf.IsEmpty) throw new OpcUaException(StatusCodes.BadCertificateInvalid, "no certificate was sent");
        X509Certificate2 certificate;
        try
        {
            certificate = X509CertificateLoader.LoadCertificate(leaf);
        }
        catch (CryptographicException e)
        {
            throw new OpcUaException(StatusCodes.BadCertificateInvalid, "the certificate cannot be read", e);
        }

        var key = CertificateKey.Public(certificate);
        if (key is not null && key.Fits(policy))
            return new PeerCertificate(chain.ToArray(), leaf.ToArray(), certificate, key);
        key?.Dispose();
        certificate.Dispose();
        throw new OpcUaException(StatusCodes.BadSecurityChecksFailed,
            $"the key of the certificate cannot be used with {policy}");
    }

    /// <summary>Frees certificate and key.</summary>
    public void Dispose()
    {
        Key.Dispose();
        Certificate.Dispose();
    }
}
