using System.Formats.Asn1;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using EdgeTwin.OpcUa.Security;

namespace EdgeTwin.OpcUa.Certificates;

/// <summary>Makes self-signed application certificates with the content that OPC 10000-6 §6.2.2 asks for.</summary>
internal static class CertificateMaker
{
    private static readonly DateTimeOffset Epoch = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>Makes a private key of a family.</summary>
    public static AsymmetricAlgorithm NewKey(KeyFamily family, int rsaBits) => family switch
    {
        KeyFamily.Rsa => RSA.Create(rsaBits),
        KeyFamily.NistP256 => ECDsa.Create(ECCurve.NamedCurves.nistP256),
        KeyFamily.NistP384 => ECDsa.Create(ECCurve.NamedCurves.nistP384),
        _ => throw new ArgumentOutOfRangeException(nameof(family)),
    };

    /// <summary>Makes a certificate for a key.</summary>
    /// <param name="identity">What it says.</param>
    /// <param name="key">RSA or ECDsa.</param>
    /// <param name="now">Time, UTC.</param>
    /// <returns>The certificate with its private key.</returns>
    public static X509Certificate2 SelfSigned(ApplicationIdentity identity, AsymmetricAlgorithm key, DateTimeOffset now)
    {
        if (identity.HostNames.Append(identity.ApplicationUri).Any(static n => n.Length == 0 || !Ascii.IsValid(n)))
            throw new ArgumentException("Application URI and host names are ASCII and not empty.", nameof(identity));
        var subject = new X500DistinguishedNameBuilder();
        subject.AddCommonName(identity.ApplicationName);
        if (identity.Organization is { Length: > 0 } organization) subject.AddOrganizationName(organization);
        var request = key switch
        {
            RSA rsa => new CertificateRequest(
                subject.Build(), rsa, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1),
            ECDsa ecdsa => new CertificateRequest(
                subject.Build(), ecdsa, ecdsa.KeySize > 256 ? HashAlgorithmName.SHA384 : HashAlgorithmName.SHA256),
            _ => throw new ArgumentException("Keys are RSA or ECDsa.", nameof(key)),
        };
        AddExtensions(request, identity, key is RSA);

        // A board without a battery for its clock starts in the past; its certificate must not have ended already.
        var start = now < Epoch ? Epoch : now;
        return request.Create(
            request.SubjectName, Generator(key), start.AddDays(-1), start + identity.Lifetime, NewSerial())
            .WithKey(key);
    }

    private static X509SignatureGenerator Generator(AsymmetricAlgorithm key) => key is RSA rsa
        ? X509SignatureGenerator.CreateForRSA(rsa, RSASignaturePadding.Pkcs1)
        : X509SignatureGenerator.CreateForECDsa((ECDsa)key);

    private static X509Certificate2 WithKey(this X509Certificate2 certificate, AsymmetricAlgorithm key)
    {
        using (certificate)
            return key is RSA rsa ? certificate.CopyWithPrivateKey(rsa) : certificate.CopyWithPrivateKey((ECDsa)key);
    }

    private static void AddExtensions(CertificateRequest request, ApplicationIdentity identity, bool isRsa)
    {
        request.CertificateExtensions.Add(new X509Extension(Oids.SubjectAlternativeName, Names(identity), false));

        // A self-signed certificate is verified with its own key, hence keyCertSign; it is no authority all the same.
        var usage = X509KeyUsageFlags.DigitalSignature | X509KeyUsageFlags.NonRepudiation
            | X509KeyUsageFlags.KeyCertSign;
        if (isRsa) usage |= X509KeyUsageFlags.KeyEncipherment | X509KeyUsageFlags.DataEncipherment;
        request.CertificateExtensions.Add(new X509KeyUsageExtension(usage, critical: true));
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(false, false, 0, critical: true));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension(
            [new Oid(Oids.ServerAuthentication), new Oid(Oids.ClientAuthentication)], critical: false));
        var identifier = new X509SubjectKeyIdentifierExtension(request.PublicKey, critical: false);
        request.CertificateExtensions.Add(identifier);
        request.CertificateExtensions.Add(
            X509AuthorityKeyIdentifierExtension.CreateFromSubjectKeyIdentifier(identifier));
    }

    // Written by hand, because the application URI must be the same bytes in every message: no Uri may tidy it up.
    private static byte[] Names(ApplicationIdentity identity)
    {
        var writer = new AsnWriter(AsnEncodingRules.DER);
        using (writer.PushSequence())
        {
            Write(6, identity.ApplicationUri); // the application URI comes first
            foreach (var host in identity.HostNames) Write(2, host);
            foreach (var address in identity.Addresses)
                writer.WriteOctetString(address.GetAddressBytes(), new Asn1Tag(TagClass.ContextSpecific, 7));
        }

        return writer.Encode();

        void Write(int tag, string text) => writer.WriteCharacterString(
            UniversalTagNumber.IA5String, text, new Asn1Tag(TagClass.ContextSpecific, tag));
    }

    // RFC 5280 §4.1.2.2: positive, unique, at most 20 bytes.
    private static byte[] NewSerial()
    {
        var serial = RandomNumberGenerator.GetBytes(16);
        serial[0] = (byte)((serial[0] & 0x7F) | 0x40);
        return serial;
    }
}
