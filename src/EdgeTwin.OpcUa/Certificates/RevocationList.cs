using System.Diagnostics.CodeAnalysis;
using System.Formats.Asn1;
using EdgeTwin.OpcUa.Security;

namespace EdgeTwin.OpcUa.Certificates;

/// <summary>A certificate revocation list (RFC 5280 §5.1).</summary>
internal sealed class RevocationList
{
    private static readonly Asn1Tag ExtensionsTag = new(TagClass.ContextSpecific, 0, isConstructed: true);

    private readonly SignedBytes signed;
    private readonly HashSet<string> serials = [];

    private RevocationList(SignedBytes signed)
    {
        this.signed = signed;
        var content = new AsnReader(signed.Content, AsnEncodingRules.BER).ReadSequence();
        if (content.PeekTag().HasSameClassAndValue(Asn1Tag.Integer)) content.ReadEncodedValue(); // version
        content.ReadEncodedValue(); // signature algorithm, once more
        Issuer = Convert.ToHexString(content.ReadEncodedValue().Span);
        ThisUpdate = ParsedCertificate.ReadTime(content);
        if (content.HasData && content.PeekTag() is { TagClass: TagClass.Universal } tag
            && tag.TagValue is (int)UniversalTagNumber.UtcTime or (int)UniversalTagNumber.GeneralizedTime)
            NextUpdate = ParsedCertificate.ReadTime(content);
        if (content.HasData && content.PeekTag().HasSameClassAndValue(Asn1Tag.Sequence))
            ReadEntries(content.ReadSequence());
        if (content.HasData) ReadExtensions(content.ReadSequence(ExtensionsTag).ReadSequence());
    }

    /// <summary>Encoded name of the issuer, hexadecimal.</summary>
    public string Issuer { get; }

    public DateTime ThisUpdate { get; }

    /// <summary>When the next list was promised; the list says nothing after it. Null when it never ends.</summary>
    public DateTime? NextUpdate { get; }

    /// <summary>Whether the list has a critical extension that is not understood, such as those of partial lists; it
    /// must not be used then.</summary>
    public bool IsPartial { get; private set; }

    /// <summary>How many certificates are revoked.</summary>
    public int Count => serials.Count;

    public static bool TryParse(byte[] der, [NotNullWhen(true)] out RevocationList? list)
    {
        list = null;
        try
        {
            list = new RevocationList(SignedBytes.Read(der));
            return true;
        }
        catch (Exception malformed) when (malformed is AsnContentException or ArgumentException)
        {
            return false;
        }
    }

    public bool Revokes(ParsedCertificate certificate) => serials.Contains(certificate.Serial);

    public bool IsSignedBy(CertificateKey key) => signed.IsSignedBy(key);

    private void ReadEntries(AsnReader entries)
    {
        while (entries.HasData) serials.Add(Convert.ToHexString(entries.ReadSequence().ReadIntegerBytes().Span));
    }

    private void ReadExtensions(AsnReader extensions)
    {
        while (extensions.HasData)
        {
            var extension = extensions.ReadSequence();
            var oid = extension.ReadObjectIdentifier();
            var critical = extension.PeekTag().HasSameClassAndValue(Asn1Tag.Boolean) && extension.ReadBoolean();
            if (critical && oid is not (Oids.CrlNumber or Oids.AuthorityKeyIdentifier)) IsPartial = true;
        }
    }
}
