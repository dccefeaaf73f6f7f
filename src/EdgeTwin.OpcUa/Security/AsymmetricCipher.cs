using System.Security.Cryptography;

namespace EdgeTwin.OpcUa.Security;

/// <summary>
/// Signing and encrypting with the keys of certificates. RSA encrypts block by block: each block of plain text, shorter
/// than the key by the padding's overhead, becomes one block as long as the key.
/// </summary>
public static class AsymmetricCipher
{
    // RSA-4096 is the longest key of any policy.
    private const int LongestBlock = 512;

    /// <summary>Bytes of plain text in a block; 1 where the policy does not encrypt asymmetrically.</summary>
    public static int PlainBlockSize(SecurityPolicy policy, CertificateKey receiver)
    {
        ArgumentNullException.ThrowIfNull(policy);
        ArgumentNullException.ThrowIfNull(receiver);
        return policy.RsaEncryption is null ? 1 : receiver.SignatureLength - policy.RsaEncryptionOverhead;
    }

    /// <summary>Bytes of cipher text in a block; 1 where the policy does not encrypt asymmetrically.</summary>
    public static int CipherBlockSize(SecurityPolicy policy, CertificateKey receiver)
    {
        ArgumentNullException.ThrowIfNull(policy);
        ArgumentNullException.ThrowIfNull(receiver);
        return policy.RsaEncryption is null ? 1 : receiver.SignatureLength;
    }

    /// <summary>Length of the cipher text of a plain text.</summary>
    public static int EncryptedLength(SecurityPolicy policy, CertificateKey receiver, int plainLength)
    {
        var block = PlainBlockSize(policy, receiver);
        return (plainLength + block - 1) / block * CipherBlockSize(policy, receiver);
    }

    /// <summary>Signs data.</summary>
    /// <param name="policy">A policy with security.</param>
    /// <param name="key">Own private key.</param>
    /// <param name="data">What is signed.</param>
    /// <param name="signature">Room for <see cref="CertificateKey.SignatureLength"/> bytes.</param>
    /// <returns>Length of the signature.</returns>
    public static int Sign(SecurityPolicy policy, CertificateKey key, ReadOnlySpan<byte> data, Span<byte> signature)
    {
        Require(policy, key);
        return key.Rsa is { } rsa
            ? rsa.SignData(data, signature, policy.Hash, policy.RsaSignature!)
            : key.Ecdsa!.SignData(data, signature, policy.Hash, DSASignatureFormat.IeeeP1363FixedFieldConcatenation);
    }

    /// <summary>Verifies a signature.</summary>
    /// <returns>False for a wrong signature, also for one of another length.</returns>
    public static bool Verify(
        SecurityPolicy policy, CertificateKey key, ReadOnlySpan<byte> data, ReadOnlySpan<byte> signature)
    {
        Require(policy, key);
        if (signature.Length != key.SignatureLength) return false;
        try
        {
            return key.Rsa is { } rsa
                ? rsa.VerifyData(data, signature, policy.Hash, policy.RsaSignature!)
                : key.Ecdsa!.VerifyData(
                    data, signature, policy.Hash, DSASignatureFormat.IeeeP1363FixedFieldConcatenation);
        }
        catch (CryptographicException)
        {
            return false; // A number out of the key's range is a wrong signature like any other.
        }
    }

    /// <summary>Encrypts block by block.</summary>
    /// <param name="policy">A policy with RSA.</param>
    /// <param name="receiver">Public key of the receiver.</param>
    /// <param name="plain">Plain text.</param>
    /// <param name="cipher">Room for <see cref="EncryptedLength"/> bytes; must not overlap the plain text.</param>
    /// <returns>Length of the cipher text.</returns>
    public static int Encrypt(
        SecurityPolicy policy, CertificateKey receiver, ReadOnlySpan<byte> plain, Span<byte> cipher)
    {
        RequireEncryption(policy, receiver);
        var block = PlainBlockSize(policy, receiver);
        var written = 0;
        while (!plain.IsEmpty)
        {
            var part = plain[..Math.Min(block, plain.Length)];
            written += receiver.Rsa!.Encrypt(part, cipher[written..], policy.RsaEncryption!);
            plain = plain[part.Length..];
        }

        return written;
    }

    /// <summary>Decrypts block by block.</summary>
    /// <param name="policy">A policy with RSA.</param>
    /// <param name="key">Own private key.</param>
    /// <param name="cipher">Cipher text.</param>
    /// <param name="plain">Room for as many bytes as the cipher text has; may be the cipher text's own
    /// place.</param>
    /// <param name="length">Length of the plain text.</param>
    /// <returns>False when the cipher text is not whole blocks, or not for this key.</returns>
    public static bool TryDecrypt(
        SecurityPolicy policy, CertificateKey key, ReadOnlySpan<byte> cipher, Span<byte> plain, out int length)
    {
        RequireEncryption(policy, key);
        length = 0;
        var block = key.SignatureLength;
        if (cipher.IsEmpty || cipher.Length % block != 0) return false;
        Span<byte> decrypted = stackalloc byte[LongestBlock];
        try
        {
            for (; !cipher.IsEmpty; cipher = cipher[block..])
            {
                var count = key.Rsa!.Decrypt(cipher[..block], decrypted, policy.RsaEncryption!);
                decrypted[..count].CopyTo(plain[length..]);
                length += count;
            }

            return true;
        }
        catch (CryptographicException)
        {
            length = 0;
            return false;
        }
        finally
        {
            CryptographicOperations.ZeroMemory(decrypted);
        }
    }

    private static void RequireEncryption(SecurityPolicy policy, CertificateKey key)
    {
        Require(policy, key);
        if (policy.RsaEncryption is null)
            throw new ArgumentException($"{policy} does not encrypt with the keys of certificates.", nameof(policy));
    }

    private static void Require(SecurityPolicy policy, CertificateKey key)
    {
        ArgumentNullException.ThrowIfNull(policy);
        ArgumentNullException.ThrowIfNull(key);
        if (policy.Family != key.Family || !policy.IsSecure)
            throw new ArgumentException($"A key of family {key.Family} cannot be used with {policy}.", nameof(key));
    }
}
