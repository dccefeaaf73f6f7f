using System.Formats.Asn1;
using System.Security.Cryptography;

namespace EdgeTwin.OpcUa.Security;

/// <summary>Certificates as they travel: DER, one behind the other, the leaf first (OPC 10000-6 §6.2.6).</summary>
public static class CertificateBytes
{
    /// <summary>Length of a thumbprint: SHA-1 of the leaf's DER.</summary>
    public const int ThumbprintLength = 20;

    /// <summary>The first certificate; empty when the bytes do not begin with a whole DER sequence.</summary>
    public static ReadOnlySpan<byte> Leaf(ReadOnlySpan<byte> chain) =>
        AsnDecoder.TryReadEncodedValue(
            chain, AsnEncodingRules.DER, out var tag, out _, out _, out var length)
            && tag.HasSameClassAndValue(Asn1Tag.Sequence)
            ? chain[..length]
            : [];

    /// <summary>Cuts a chain into its certificates.</summary>
    /// <param name="chain">Bytes from the wire.</param>
    /// <param name="most">Most certificates that are taken.</param>
    /// <returns>Null when there are none or too many, or bytes that belong to none.</returns>
    public static IReadOnlyList<byte[]>? Split(ReadOnlySpan<byte> chain, int most)
    {
        var found = new List<byte[]>();
        while (!chain.IsEmpty)
        {
            var first = Leaf(chain);
            if (first.IsEmpty || found.Count == most) return null;
            found.Add(first.ToArray());
            chain = chain[first.Length..];
        }

        return found.Count == 0 ? null : found;
    }

    /// <summary>The thumbprint of the leaf, by which OpenSecureChannel names the receiver's certificate. SHA-1 only
    /// names here; nothing depends on its strength.</summary>
    public static byte[] Thumbprint(ReadOnlySpan<byte> chain)
    {
        var leaf = Leaf(chain);
#pragma warning disable CA5350 // OPC 10000-6 §6.7.2.3 prescribes SHA-1 for the thumbprint.
        return SHA1.HashData(leaf.IsEmpty ? chain : leaf);
#pragma warning restore CA5350
    }
}
