using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace EdgeTwin.OpcUa.Security;

/// <summary>The key of a certificate, ready for use: public, or private too. Keep one per certificate; reading the key
/// costs more than a verification. Safe for several threads, because operations do not change it.</summary>
public sealed class CertificateKey : IDisposable
{
    private CertificateKey(RSA? rsa, ECDsa? ecdsa)
    {
        (Rsa, Ecdsa) = (rsa, ecdsa);
        Bits = rsa?.KeySize ?? ecdsa!.KeySize;
        Family = rsa is not null ? KeyFamily.Rsa : Bits == 256 ? KeyFamily.NistP256 : KeyFamily.NistP384;
    }

    /// <summary>Kind of key.</summary>
    public KeyFamily Family { get; }

    /// <summary>Length of the key in bits.</summary>
    public int Bits { get; }

    /// <summary>Length in bytes of a signature by this key: the RSA modulus, or r|s (IEEE P1363).</summary>
    public int SignatureLength => Rsa is null ? Bits / 8 * 2 : (Bits + 7) / 8;

    internal RSA? Rsa { get; }

    internal ECDsa? Ecdsa { get; }

    /// <summary>The public key of a certificate, or null when it is of no kind that OPC UA uses, or
    /// malformed.</summary>
    public static CertificateKey? Public(X509Certificate2 certificate)
    {
        ArgumentNullException.ThrowIfNull(certificate);
        try
        {
            return certificate.GetRSAPublicKey() is { } rsa ? new CertificateKey(rsa, null)
                : Supported(certificate.GetECDsaPublicKey());
        }
        catch (CryptographicException)
        {
            return null; // A key that cannot be read is as good as none; the validator says so with its code.
        }
    }

    /// <summary>The private key of an own certificate.</summary>
    /// <exception cref="ArgumentException">The certificate has no private key, or of another kind.</exception>
    public static CertificateKey Private(X509Certificate2 certificate)
    {
        ArgumentNullException.ThrowIfNull(certificate);
        if (certificate.GetRSAPrivateKey() is { } rsa) return new CertificateKey(rsa, null);
        return Supported(certificate.GetECDsaPrivateKey())
            ?? throw new ArgumentException("The certificate has no RSA, P-256 or P-384 private key.",
                nameof(certificate));
    }

    /// <summary>Whether this key can be used with a policy: its family, and its length.</summary>
    public bool Fits(SecurityPolicy policy)
    {
        ArgumentNullException.ThrowIfNull(policy);
        return !policy.IsSecure || (Family == policy.Family && Bits >= policy.MinKeyBits && Bits <= policy.MaxKeyBits);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Rsa?.Dispose();
        Ecdsa?.Dispose();
    }

    private static CertificateKey? Supported(ECDsa? ecdsa)
    {
        if (ecdsa is null) return null;
        var curve = ecdsa.ExportParameters(false).Curve.Oid?.Value;
        if (curve is "1.2.840.10045.3.1.7" or "1.3.132.0.34") return new CertificateKey(null, ecdsa);
        ecdsa.Dispose();
        return null;
    }
}
