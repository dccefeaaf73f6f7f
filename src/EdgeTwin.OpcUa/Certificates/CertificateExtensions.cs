using System.Formats.Asn1;
using System.Net;
using System.Security.Cryptography.X509Certificates;

namespace EdgeTwin.OpcUa.Certificates;

/// <summary>The extensions of a certificate that decide about its use (RFC 5280 §4.2).</summary>
internal sealed class CertificateExtensions
{
    private static readonly Asn1Tag KeyIdentifierTag = new(TagClass.ContextSpecific, 0);

    /// <summary>Uses of the key; null when the extension is absent, which restricts nothing.</summary>
    public X509KeyUsageFlags? KeyUsage { get; private set; }

    /// <summary>Extended uses; null when the extension is absent, which restricts nothing.</summary>
    public IReadOnlyList<string>? ExtendedKeyUsage { get; private set; }

    /// <summary>Whether the certificate may issue others.</summary>
    public bool IsAuthority { get; private set; }

    /// <summary>How many authorities may stand between this one and a leaf; null for any number.</summary>
    public int? PathLength { get; private set; }

    public byte[]? SubjectKeyIdentifier { get; private set; }

    public byte[]? AuthorityKeyIdentifier { get; private set; }

    /// <summary>URIs of the subject alternative name; of an application, the first is its application URI.</summary>
    public List<string> Uris { get; } = [];

    public List<string> DnsNames { get; } = [];

    public List<IPAddress> Addresses { get; } = [];

    /// <summary>A critical extension that is not understood: such a certificate must not be used.</summary>
    public string? UnknownCritical { get; private set; }

    /// <summary>Reads the extensions.</summary>
    /// <param name="extensions">Content of the SEQUENCE OF Extension.</param>
    /// <exception cref="AsnContentException">An extension is malformed.</exception>
    public static CertificateExtensions Read(AsnReader extensions)
    {
        var found = new CertificateExtensions();
        while (extensions.HasData)
        {
            var extension = extensions.ReadSequence();
            var oid = extension.ReadObjectIdentifier();
            var critical = extension.PeekTag().HasSameClassAndValue(Asn1Tag.Boolean) && extension.ReadBoolean();
            var value = new AsnReader(extension.ReadOctetString(), AsnEncodingRules.BER);
            found.Take(oid, critical, value);
        }

        return found;
    }

    private void Take(string oid, bool critical, AsnReader value)
    {
        switch (oid)
        {
            case Oids.KeyUsage:
                KeyUsage = ReadKeyUsage(value);
                break;
            case Oids.ExtendedKeyUsage:
                ExtendedKeyUsage = ReadObjectIdentifiers(value);
                break;
            case Oids.BasicConstraints:
                ReadBasicConstraints(value.ReadSequence());
                break;
            case Oids.SubjectKeyIdentifier:
                SubjectKeyIdentifier = value.ReadOctetString();
                break;
            case Oids.AuthorityKeyIdentifier:
                var identifier = value.ReadSequence();
                if (identifier.HasData && identifier.PeekTag().HasSameClassAndValue(KeyIdentifierTag))
                    AuthorityKeyIdentifier = identifier.ReadOctetString(KeyIdentifierTag);
                break;
            case Oids.SubjectAlternativeName:
                ReadNames(value.ReadSequence());
                break;
            case Oids.CrlDistributionPoints or Oids.CertificatePolicies:
                break; // Lists come from the folders only; policies are not asked for.
            default:
                if (critical) UnknownCritical ??= oid;
                break;
        }
    }

    private static X509KeyUsageFlags ReadKeyUsage(AsnReader value)
    {
        // Bit 0 is the most significant one of the first byte, as in the enumeration; decipherOnly is in the second.
        var bits = value.ReadBitString(out _);
        var usage = bits.Length > 0 ? (X509KeyUsageFlags)bits[0] : X509KeyUsageFlags.None;
        return bits.Length > 1 && (bits[1] & 0x80) != 0 ? usage | X509KeyUsageFlags.DecipherOnly : usage;
    }

    private static List<string> ReadObjectIdentifiers(AsnReader value)
    {
        var found = new List<string>();
        var sequence = value.ReadSequence();
        while (sequence.HasData) found.Add(sequence.ReadObjectIdentifier());
        return found;
    }

    private void ReadBasicConstraints(AsnReader sequence)
    {
        IsAuthority = sequence.HasData && sequence.PeekTag().HasSameClassAndValue(Asn1Tag.Boolean)
            && sequence.ReadBoolean();
        if (!sequence.HasData) return;
        PathLength = sequence.TryReadInt32(out var length) && length >= 0 ? length : 0;
    }

    private void ReadNames(AsnReader names)
    {
        while (names.HasData)
        {
            var tag = names.PeekTag();
            switch (tag.TagClass == TagClass.ContextSpecific ? tag.TagValue : -1)
            {
                case 2:
                    DnsNames.Add(names.ReadCharacterString(UniversalTagNumber.IA5String, tag));
                    break;
                case 6:
                    Uris.Add(names.ReadCharacterString(UniversalTagNumber.IA5String, tag));
                    break;
                case 7 when names.ReadOctetString(tag) is { Length: 4 or 16 } address:
                    Addresses.Add(new IPAddress(address));
                    break;
                case 7:
                    break;
                default:
                    names.ReadEncodedValue();
                    break;
            }
        }
    }
}
