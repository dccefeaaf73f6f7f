using System.Formats.Asn1;
using System.Security.Cryptography;
using EdgeTwin.OpcUa.Security;

namespace EdgeTwin.OpcUa.Certificates;

/// <summary>The envelope that certificates and revocation lists share (RFC 5280 §4.1.1, §5.1.1):
/// <code>SEQUENCE { what is signed, AlgorithmIdentifier, BIT STRING signature }</code></summary>
internal sealed class SignedBytes
{
    private readonly ReadOnlyMemory<byte> signature;
    private readonly string algorithm;

    private SignedBytes(
        ReadOnlyMemory<byte> content, string algorithm, HashAlgorithmName hash, ReadOnlyMemory<byte> signature) =>
        (Content, this.algorithm, Hash, this.signature) = (content, algorithm, hash, signature);

    /// <summary>What is signed, with its tag and length.</summary>
    public ReadOnlyMemory<byte> Content { get; }

    /// <summary>Hash of the signature; its name is null for algorithms that are not known.</summary>
    public HashAlgorithmName Hash { get; }

    /// <exception cref="AsnContentException">The bytes are no such envelope.</exception>
    public static SignedBytes Read(ReadOnlyMemory<byte> bytes)
    {
        var outer = new AsnReader(bytes, AsnEncodingRules.BER);
        var sequence = outer.ReadSequence();
        outer.ThrowIfNotEmpty();
        var content = sequence.ReadEncodedValue();
        var identifier = sequence.ReadSequence();
        var signatureBits = sequence.ReadBitString(out _);
        sequence.ThrowIfNotEmpty();
        var oid = identifier.ReadObjectIdentifier();
        return new SignedBytes(content, oid, HashOf(oid, identifier), signatureBits);
    }

    /// <summary>Whether a key made the signature.</summary>
    public bool IsSignedBy(CertificateKey key)
    {
        if (Hash.Name is null) return false;
        try
        {
            return algorithm switch
            {
                Oids.EcdsaSha256 or Oids.EcdsaSha384 or Oids.EcdsaSha512 => key.Ecdsa is { } ecdsa && ecdsa.VerifyData(
                    Content.Span, signature.Span, Hash, DSASignatureFormat.Rfc3279DerSequence),
                Oids.RsaPss => key.Rsa is { } rsa
                    && rsa.VerifyData(Content.Span, signature.Span, Hash, RSASignaturePadding.Pss),
                _ => key.Rsa is { } rsa
                    && rsa.VerifyData(Content.Span, signature.Span, Hash, RSASignaturePadding.Pkcs1),
            };
        }
        catch (CryptographicException)
        {
            return false; // A malformed signature is a wrong one.
        }
    }

    private static HashAlgorithmName HashOf(string algorithm, AsnReader parameters) => algorithm switch
    {
        Oids.RsaSha1 => HashAlgorithmName.SHA1,
        Oids.RsaSha256 or Oids.EcdsaSha256 => HashAlgorithmName.SHA256,
        Oids.RsaSha384 or Oids.EcdsaSha384 => HashAlgorithmName.SHA384,
        Oids.RsaSha512 or Oids.EcdsaSha512 => HashAlgorithmName.SHA512,
        Oids.RsaPss => PssHash(parameters),
        _ => default,
    };

    // RFC 4055 §3.1: SEQUENCE { [0] hash AlgorithmIdentifier DEFAULT sha1, … }.
    private static HashAlgorithmName PssHash(AsnReader parameters)
    {
        var tag = new Asn1Tag(TagClass.ContextSpecific, 0, isConstructed: true);
        var sequence = parameters.ReadSequence();
        if (!sequence.HasData || !sequence.PeekTag().HasSameClassAndValue(tag)) return HashAlgorithmName.SHA1;
        return sequence.ReadSequence(tag).ReadSequence().ReadObjectIdentifier() switch
        {
            Oids.Sha256 => HashAlgorithmName.SHA256,
            Oids.Sha384 => HashAlgorithmName.SHA384,
            Oids.Sha512 => HashAlgorithmName.SHA512,
            _ => default,
        };
    }
}
