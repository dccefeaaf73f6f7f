using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;

namespace EdgeTwin.OpcUa.Security;

/// <summary>
/// A password or token encrypted with the server's RSA key (OPC 10000-4 §7.41.2.1):
/// <code>UInt32 length of the rest | secret | server nonce</code>
/// encrypted in blocks. Some senders fill the last block with zeros, which the length excludes.
/// </summary>
public static class UserSecret
{
    private const int HeaderLength = 4;

    // Far above any password or token; more would only cost private-key operations.
    private const int LongestSecret = 16 * 1024;

    /// <summary>Encrypts a secret for a server.</summary>
    /// <param name="policy">The RSA policy of the user token policy, else of the endpoint.</param>
    /// <param name="server">Public key of the server.</param>
    /// <param name="secret">Password in UTF-8, or token.</param>
    /// <param name="serverNonce">Last nonce of the server.</param>
    public static byte[] Encrypt(
        SecurityPolicy policy, CertificateKey server, ReadOnlySpan<byte> secret, ReadOnlySpan<byte> serverNonce)
    {
        var plain = new byte[HeaderLength + secret.Length + serverNonce.Length];
        BinaryPrimitives.WriteUInt32LittleEndian(plain, (uint)(secret.Length + serverNonce.Length));
        secret.CopyTo(plain.AsSpan(HeaderLength));
        serverNonce.CopyTo(plain.AsSpan(HeaderLength + secret.Length));
        var cipher = new byte[AsymmetricCipher.EncryptedLength(policy, server, plain.Length)];
        AsymmetricCipher.Encrypt(policy, server, plain, cipher);
        CryptographicOperations.ZeroMemory(plain);
        return cipher;
    }

    /// <summary>Decrypts the secret of a client. Every failure looks the same, so that a client learns nothing from
    /// it: wrong padding, wrong length, wrong nonce.</summary>
    /// <param name="policy">The RSA policy of the user token policy, else of the endpoint.</param>
    /// <param name="key">Own private key.</param>
    /// <param name="cipher">Bytes from the wire.</param>
    /// <param name="serverNonce">The last nonce that was sent; must not be empty.</param>
    /// <param name="secret">The secret; the caller clears it after use.</param>
    public static bool TryDecrypt(
        SecurityPolicy policy, CertificateKey key, ReadOnlySpan<byte> cipher, ReadOnlySpan<byte> serverNonce,
        [NotNullWhen(true)] out byte[]? secret)
    {
        ArgumentNullException.ThrowIfNull(policy);
        ArgumentNullException.ThrowIfNull(key);
        if (serverNonce.IsEmpty)
            throw new ArgumentException("Without a nonce a secret could be replayed.", nameof(serverNonce));
        secret = null;
        if (policy.RsaEncryption is null || key.Family != policy.Family || cipher.Length > LongestSecret) return false;
        var plain = new byte[cipher.Length];
        try
        {
            if (!AsymmetricCipher.TryDecrypt(policy, key, cipher, plain, out var count) || count < HeaderLength)
                return false;
            var length = BinaryPrimitives.ReadUInt32LittleEndian(plain);
            if (length > count - HeaderLength || length < serverNonce.Length) return false;
            var secretLength = (int)length - serverNonce.Length;
            var nonce = plain.AsSpan(HeaderLength + secretLength, serverNonce.Length);
            if (!CryptographicOperations.FixedTimeEquals(nonce, serverNonce)) return false;
            secret = plain.AsSpan(HeaderLength, secretLength).ToArray();
            return true;
        }
        finally
        {
            CryptographicOperations.ZeroMemory(plain);
        }
    }
}
