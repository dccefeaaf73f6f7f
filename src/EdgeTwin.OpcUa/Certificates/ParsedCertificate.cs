using System.Diagnostics.CodeAnalysis;
using System.Formats.Asn1;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using EdgeTwin.OpcUa.Security;

namespace EdgeTwin.OpcUa.Certificates;

/// <summary>
/// A certificate taken apart (RFC 5280 §4.1), with all that its validation asks for. It is shared by those who hold it
/// and by caches, so nobody disposes it; its handles are memory only and go with the last holder.
/// </summary>
internal sealed class ParsedCertificate
{
    private static readonly Asn1Tag ExtensionsTag = new(TagClass.ContextSpecific, 3, isConstructed: true);

    private readonly SignedBytes signed;
    private int selfSigned; // 0: not yet known, 1: yes, 2: no; whoever finds out first writes what all would

    private ParsedCertificate(byte[] der, X509Certificate2 certificate, SignedBytes signed)
    {
        (Der, Certificate, this.signed) = (der, certificate, signed);
        Id = IdOf(der);
        Key = CertificateKey.Public(certificate);
        var content = new AsnReader(signed.Content, AsnEncodingRules.BER).ReadSequence();
        if (content.PeekTag().TagClass == TagClass.ContextSpecific) content.ReadEncodedValue(); // version
        Serial = Convert.ToHexString(content.ReadIntegerBytes().Span);
        content.ReadEncodedValue(); // signature algorithm, once more
        Issuer = Convert.ToHexString(content.ReadEncodedValue().Span);
        var validity = content.ReadSequence();
        NotBefore = ReadTime(validity);
        NotAfter = ReadTime(validity);
        Subject = Convert.ToHexString(content.ReadEncodedValue().Span);
        content.ReadEncodedValue(); // public key
        while (content.HasData && !content.PeekTag().HasSameClassAndValue(ExtensionsTag)) content.ReadEncodedValue();
        var extensions = content.HasData
            ? content.ReadSequence(ExtensionsTag).ReadSequence()
            : new AsnReader(default, AsnEncodingRules.BER);
        Extensions = CertificateExtensions.Read(extensions);
        DisplayName = NameOf(certificate);
    }

    public byte[] Der { get; }

    public X509Certificate2 Certificate { get; }

    /// <summary>SHA-256 of the DER: what trust is looked up by. (Thumbprints are SHA-1 and only for people.)</summary>
    public string Id { get; }

    public string Thumbprint => Certificate.Thumbprint;

    /// <summary>Null when it is of no kind that OPC UA uses.</summary>
    public CertificateKey? Key { get; }

    /// <summary>Hexadecimal, as encoded.</summary>
    public string Serial { get; }

    /// <summary>Encoded name, hexadecimal: names are equal when their bytes are.</summary>
    public string Issuer { get; }

    /// <inheritdoc cref="Issuer"/>
    public string Subject { get; }

    public DateTime NotBefore { get; }

    public DateTime NotAfter { get; }

    public CertificateExtensions Extensions { get; }

    /// <summary>Common name, or what comes nearest; without control characters, and not longer than a line.</summary>
    public string DisplayName { get; }

    public HashAlgorithmName SignatureHash => signed.Hash;

    /// <summary>Whether it is issued by itself and says the truth about it.</summary>
    public bool IsSelfSigned
    {
        get
        {
            if (selfSigned == 0) selfSigned = Subject == Issuer && IsSignedBy(this) ? 1 : 2;
            return selfSigned == 1;
        }
    }

    public static string IdOf(ReadOnlySpan<byte> der) => Convert.ToHexString(SHA256.HashData(der));

    /// <summary>Takes a certificate apart.</summary>
    /// <param name="der">DER of exactly one certificate.</param>
    /// <param name="certificate">The certificate.</param>
    /// <returns>False when the bytes are no certificate.</returns>
    public static bool TryParse(byte[] der, [NotNullWhen(true)] out ParsedCertificate? certificate)
    {
        certificate = null;
        try
        {
            var envelope = SignedBytes.Read(der);
            certificate = new ParsedCertificate(der, X509CertificateLoader.LoadCertificate(der), envelope);
            return true;
        }
        catch (Exception malformed) when (malformed is AsnContentException or CryptographicException
            or ArgumentException)
        {
            return false; // ArgumentException: times and names that the base library cannot represent.
        }
    }

    public bool IsSignedBy(ParsedCertificate issuer) => issuer.Key is { } key && signed.IsSignedBy(key);

    /// <summary>Whether another certificate can be the issuer, by names and key identifiers.</summary>
    public bool MayBeIssuedBy(ParsedCertificate candidate) =>
        candidate.Subject == Issuer
        && (Extensions.AuthorityKeyIdentifier is not { } authority
            || candidate.Extensions.SubjectKeyIdentifier is not { } subject
            || authority.AsSpan().SequenceEqual(subject));

    /// <summary>UTCTime until 2049, GeneralizedTime from 2050 on (RFC 5280 §4.1.2.5).</summary>
    internal static DateTime ReadTime(AsnReader reader) =>
        (reader.PeekTag().HasSameClassAndValue(Asn1Tag.UtcTime) ? reader.ReadUtcTime() : reader.ReadGeneralizedTime())
        .UtcDateTime;

    private static string NameOf(X509Certificate2 certificate)
    {
        var name = certificate.GetNameInfo(X509NameType.SimpleName, forIssuer: false);
        var clean = string.Concat(name.Where(static c => !char.IsControl(c)).Take(100)).Trim();
        return clean.Length > 0 ? clean : "no name";
    }
}
