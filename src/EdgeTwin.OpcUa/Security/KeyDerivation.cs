using System.Buffers.Binary;
using System.Security.Cryptography;

namespace EdgeTwin.OpcUa.Security;

/// <summary>How keys follow from what the two sides exchanged. Key material is laid out as
/// <c>signing key | encryption key | initialization vector</c>.</summary>
internal static class KeyDerivation
{
    /// <summary>P_hash of RFC 5246 §5, as OPC 10000-6 §6.7.5 uses it:
    /// A(0) = seed, A(i) = HMAC(secret, A(i-1)), output = HMAC(secret, A(1) | seed) | HMAC(secret, A(2) | seed) | …
    /// </summary>
    public static void PHash(
        HashAlgorithmName hash, ReadOnlySpan<byte> secret, ReadOnlySpan<byte> seed, Span<byte> destination)
    {
        using var hmac = IncrementalHash.CreateHMAC(hash, secret);
        Span<byte> chain = stackalloc byte[hmac.HashLengthInBytes];
        Span<byte> block = stackalloc byte[hmac.HashLengthInBytes];
        hmac.AppendData(seed);
        hmac.GetHashAndReset(chain);
        while (!destination.IsEmpty)
        {
            hmac.AppendData(chain);
            hmac.AppendData(seed);
            hmac.GetHashAndReset(block);
            var part = block[..Math.Min(block.Length, destination.Length)];
            part.CopyTo(destination);
            destination = destination[part.Length..];
            hmac.AppendData(chain);
            hmac.GetHashAndReset(chain);
        }

        CryptographicOperations.ZeroMemory(block);
        CryptographicOperations.ZeroMemory(chain);
    }

    /// <summary>HKDF of RFC 5869 with OPC UA's salt, which is the info as well (OPC 10000-6 §6.8.1):
    /// UInt16 length | label | first | second, where length is that of the destination.</summary>
    public static void Hkdf(
        HashAlgorithmName hash, ReadOnlySpan<byte> shared, ReadOnlySpan<byte> label, ReadOnlySpan<byte> first,
        ReadOnlySpan<byte> second, Span<byte> destination)
    {
        Span<byte> salt = stackalloc byte[2 + label.Length + first.Length + second.Length];
        BinaryPrimitives.WriteUInt16LittleEndian(salt, (ushort)destination.Length);
        label.CopyTo(salt[2..]);
        first.CopyTo(salt[(2 + label.Length)..]);
        second.CopyTo(salt[(2 + label.Length + first.Length)..]);
        HKDF.DeriveKey(hash, shared, destination, salt, salt);
    }
}
