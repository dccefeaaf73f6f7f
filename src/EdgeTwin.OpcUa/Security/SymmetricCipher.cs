using System.Runtime.Intrinsics;
using System.Security.Cryptography;

namespace EdgeTwin.OpcUa.Security;

/// <summary>
/// Signs and encrypts the chunks of one direction with the keys of one token: HMAC, and AES in CBC mode where every
/// chunk begins with the derived initialization vector (OPC 10000-6 §6.7.6). Not for several threads at once: the
/// channel's sending lock, or its receive loop, is the owner.
/// </summary>
public sealed class SymmetricCipher : IDisposable
{
    private const int BlockSize = 16;
    private const int LongestSignature = 48;

    private readonly IncrementalHash hmac;
    private readonly Aes aes;
    private readonly ICryptoTransform encryptor;
    private readonly ICryptoTransform decryptor;
    private readonly Vector128<byte> vector;

    // The transforms are never reset, which would cost a native call and an allocation per chunk: they chain from the
    // last block of the chunk before. Mixing in that block and the vector once more lets each chunk begin anew.
    private Vector128<byte> lastEncrypted;
    private Vector128<byte> lastDecrypted;

    internal SymmetricCipher(SecurityPolicy policy, ReadOnlySpan<byte> keyMaterial)
    {
        if (keyMaterial.Length != policy.KeyMaterialLength)
            throw new ArgumentException($"{policy} needs {policy.KeyMaterialLength} bytes of key material.",
                nameof(keyMaterial));
        SignatureLength = policy.SymmetricSignatureLength;
        var initial = keyMaterial[(policy.SigningKeyLength + policy.EncryptionKeyLength)..];
        hmac = IncrementalHash.CreateHMAC(policy.Hash, keyMaterial[..policy.SigningKeyLength]);
        aes = Aes.Create();
        aes.SetKey(keyMaterial.Slice(policy.SigningKeyLength, policy.EncryptionKeyLength));
        aes.IV = initial.ToArray();
        aes.Mode = CipherMode.CBC;
        aes.Padding = PaddingMode.None;
        encryptor = aes.CreateEncryptor();
        decryptor = aes.CreateDecryptor();
        vector = lastEncrypted = lastDecrypted = Vector128.Create(initial);
    }

    /// <summary>Length of a signature in bytes.</summary>
    public int SignatureLength { get; }

    /// <summary>Signs data.</summary>
    /// <param name="data">What is signed.</param>
    /// <param name="signature">Room for <see cref="SignatureLength"/> bytes.</param>
    public void Sign(ReadOnlySpan<byte> data, Span<byte> signature)
    {
        hmac.AppendData(data);
        hmac.GetHashAndReset(signature);
    }

    /// <summary>Verifies a signature in a time that does not depend on where it differs.</summary>
    public bool Verify(ReadOnlySpan<byte> data, ReadOnlySpan<byte> signature)
    {
        Span<byte> expected = stackalloc byte[LongestSignature];
        hmac.AppendData(data);
        var length = hmac.GetHashAndReset(expected);
        return CryptographicOperations.FixedTimeEquals(expected[..length], signature);
    }

    /// <summary>Encrypts in place.</summary>
    /// <param name="buffer">Holds the plain text.</param>
    /// <param name="offset">Where it begins.</param>
    /// <param name="count">Its length: whole blocks of 16 bytes.</param>
    public void Encrypt(byte[] buffer, int offset, int count)
    {
        var span = RequireBlocks(buffer, offset, count);
        if (count == 0) return;
        Mix(span, lastEncrypted);
        encryptor.TransformBlock(buffer, offset, count, buffer, offset);
        lastEncrypted = Vector128.Create<byte>(span[^BlockSize..]);
    }

    /// <summary>Decrypts in place.</summary>
    /// <param name="buffer">Holds the cipher text.</param>
    /// <param name="offset">Where it begins.</param>
    /// <param name="count">Its length: whole blocks of 16 bytes, which the caller has checked.</param>
    public void Decrypt(byte[] buffer, int offset, int count)
    {
        var span = RequireBlocks(buffer, offset, count);
        if (count == 0) return;
        var last = Vector128.Create<byte>(span[^BlockSize..]);
        decryptor.TransformBlock(buffer, offset, count, buffer, offset);
        Mix(span, lastDecrypted);
        lastDecrypted = last;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        hmac.Dispose();
        encryptor.Dispose();
        decryptor.Dispose();
        aes.Dispose();
    }

    private static Span<byte> RequireBlocks(byte[] buffer, int offset, int count)
    {
        ArgumentNullException.ThrowIfNull(buffer);
        return count % BlockSize == 0
            ? buffer.AsSpan(offset, count)
            : throw new ArgumentException("AES works on whole blocks of 16 bytes.", nameof(count));
    }

    private void Mix(Span<byte> text, Vector128<byte> last) =>
        (Vector128.Create<byte>(text[..BlockSize]) ^ last ^ vector).CopyTo(text);
}
