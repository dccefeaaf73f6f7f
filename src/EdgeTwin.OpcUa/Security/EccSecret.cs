using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using EdgeTwin.OpcUa.Encoding;
using EdgeTwin.OpcUa.Types;

namespace EdgeTwin.OpcUa.Security;

/// <summary>
/// A password or token encrypted by an ECC policy (OPC 10000-4 §7.40.2.5, EccEncryptedSecret):
/// <code>
/// NodeId i=17546 | Byte 1 | UInt32 length of the rest
/// String policy URI | ByteString sender's certificate, may be null | DateTime signing time
/// UInt16 length of the two keys | ByteString sender's public key | ByteString receiver's public key
/// encrypted: ByteString nonce | ByteString secret | padding | UInt16 length of the padding
/// signature by the sender over all before it
/// </code>
/// The sender makes an ephemeral key of its own; the receiver's came in the answer of CreateSession or
/// ActivateSession.
/// </summary>
public static class EccSecret
{
    private const uint TypeId = 17546;
    private const int LongestSecret = 16 * 1024;

    // Wider than any clocks of one plant drift apart; the nonce is what stops a replay.
    private static readonly TimeSpan ClockDifference = TimeSpan.FromHours(1);

    private static readonly EncodingLimits Limits = new() { MaxByteStringLength = LongestSecret, MaxDepth = 4 };

    /// <summary>Encrypts a secret for a server.</summary>
    /// <param name="policy">An ECC policy.</param>
    /// <param name="sender">Own private key.</param>
    /// <param name="senderCertificate">DER of the own certificate; empty when the channel has told it.</param>
    /// <param name="receiverKey">The server's ephemeral public key, whose signature the caller has verified.</param>
    /// <param name="secret">Password in UTF-8, or token.</param>
    /// <param name="serverNonce">Last nonce of the server.</param>
    /// <param name="now">Time, UTC.</param>
    /// <returns>Null when the server's key is no point of the curve.</returns>
    public static byte[]? Encrypt(
        SecurityPolicy policy, CertificateKey sender, ReadOnlySpan<byte> senderCertificate,
        ReadOnlySpan<byte> receiverKey, ReadOnlySpan<byte> secret, ReadOnlySpan<byte> serverNonce, DateTime now)
    {
        ArgumentNullException.ThrowIfNull(policy);
        ArgumentNullException.ThrowIfNull(sender);
        using var ephemeral = new EphemeralKey(policy);
        if (ephemeral.Agree(receiverKey) is not { } shared) return null;
        var payload = Payload(serverNonce, secret);
        Cipher(policy, shared, ephemeral.PublicKey, receiverKey).EncryptInPlace(payload);

        using var buffer = MessageBuffer.Rent(4 * LongestSecret);
        var writer = new UaWriter(buffer);
        writer.WriteNodeId(new NodeId(0, TypeId));
        writer.WriteByte(1);
        var lengthAt = writer.ReserveInt32();
        writer.WriteString(policy.Uri);
        if (senderCertificate.IsEmpty) writer.WriteByteString(null);
        else writer.WriteByteString(senderCertificate);
        writer.WriteDateTime(now);
        writer.WriteUInt16((ushort)(ephemeral.PublicKey.Length + receiverKey.Length + 8));
        writer.WriteByteString(ephemeral.PublicKey);
        writer.WriteByteString(receiverKey);
        writer.WriteRaw(payload);
        writer.PatchInt32(lengthAt, writer.Position + sender.SignatureLength - lengthAt - 4);
        var signature = new byte[sender.SignatureLength];
        AsymmetricCipher.Sign(policy, sender, buffer.Written, signature);
        writer.WriteRaw(signature);
        return buffer.Written.ToArray();
    }

    /// <summary>Decrypts the secret of a client. Every failure looks the same.</summary>
    /// <param name="policy">The ECC policy of the user token policy, else of the endpoint.</param>
    /// <param name="receiver">The key that was sent in the last answer; for one logon only.</param>
    /// <param name="sender">Public key of the channel's client certificate; null on a channel without security, where
    /// the certificate in the secret is taken.</param>
    /// <param name="encrypted">Bytes from the wire.</param>
    /// <param name="serverNonce">The last nonce that was sent; must not be empty.</param>
    /// <param name="now">Time, UTC.</param>
    /// <param name="secret">The secret; the caller clears it after use.</param>
    public static bool TryDecrypt(
        SecurityPolicy policy, EphemeralKey receiver, CertificateKey? sender, ReadOnlySpan<byte> encrypted,
        ReadOnlySpan<byte> serverNonce, DateTime now, [NotNullWhen(true)] out byte[]? secret)
    {
        ArgumentNullException.ThrowIfNull(policy);
        ArgumentNullException.ThrowIfNull(receiver);
        if (serverNonce.IsEmpty)
            throw new ArgumentException("Without a nonce a secret could be replayed.", nameof(serverNonce));
        secret = null;
        if (encrypted.Length > 4 * LongestSecret) return false;
        try
        {
            secret = Decrypt(policy, receiver, sender, encrypted, serverNonce, now);
        }
        catch (OpcUaException)
        {
            secret = null; // Malformed is as wrong as any other.
        }

        return secret is not null;
    }

    private static byte[]? Decrypt(
        SecurityPolicy policy, EphemeralKey receiver, CertificateKey? sender, ReadOnlySpan<byte> encrypted,
        ReadOnlySpan<byte> serverNonce, DateTime now)
    {
        var reader = new UaReader(encrypted, Limits);
        if (reader.ReadNodeId() != new NodeId(0, TypeId) || reader.ReadByte() != 1) return null;
        if (reader.ReadUInt32() != reader.Remaining || reader.ReadString() != policy.Uri) return null;
        var certificate = reader.ReadByteString();
        if ((reader.ReadDateTime() - now).Duration() > ClockDifference) return null;
        reader.ReadUInt16(); // length of the two keys, which have lengths of their own
        var senderPublic = reader.ReadByteString();
        var receiverPublic = reader.ReadByteString();
        if (senderPublic is null || receiverPublic is null) return null;
        if (!receiver.PublicKey.AsSpan().SequenceEqual(receiverPublic)) return null;

        if ((sender ?? KeyOf(certificate)) is not { } key || key.Family != policy.Family) return null;
        var payloadLength = reader.Remaining - key.SignatureLength;
        if (payloadLength <= 0 || payloadLength % 16 != 0) return null;
        var signed = encrypted[..^key.SignatureLength];
        if (!AsymmetricCipher.Verify(policy, key, signed, encrypted[signed.Length..])) return null;
        if (receiver.Agree(senderPublic) is not { } shared) return null;

        var payload = signed[^payloadLength..].ToArray();
        Cipher(policy, shared, senderPublic, receiverPublic).DecryptInPlace(payload);
        try
        {
            return SecretOf(payload, serverNonce);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(payload);
        }
    }

    private static byte[]? SecretOf(byte[] payload, ReadOnlySpan<byte> serverNonce)
    {
        var padding = BinaryPrimitives.ReadUInt16LittleEndian(payload.AsSpan(^2..));
        if (padding > payload.Length - 2) return null;
        var content = payload.AsSpan(..^(2 + padding));
        if (payload.AsSpan(content.Length..^2).ContainsAnyExcept((byte)padding)) return null;
        var reader = new UaReader(content, Limits);
        var nonce = reader.ReadByteString();
        var secret = reader.ReadByteString() ?? [];
        return reader.Remaining == 0 && CryptographicOperations.FixedTimeEquals(nonce, serverNonce) ? secret : null;
    }

    private static byte[] Payload(ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> secret)
    {
        var content = 4 + nonce.Length + 4 + secret.Length;
        var padding = (16 - (content + 2) % 16) % 16;
        if (secret.Length + padding < 16) padding += 16; // a short secret must not show by its length
        var payload = new byte[content + padding + 2];
        BinaryPrimitives.WriteInt32LittleEndian(payload, nonce.Length);
        nonce.CopyTo(payload.AsSpan(4));
        BinaryPrimitives.WriteInt32LittleEndian(payload.AsSpan(4 + nonce.Length), secret.Length);
        secret.CopyTo(payload.AsSpan(8 + nonce.Length));
        payload.AsSpan(content, padding).Fill((byte)padding);
        BinaryPrimitives.WriteUInt16LittleEndian(payload.AsSpan(content + padding), (ushort)padding);
        return payload;
    }

    private static CertificateKey? KeyOf(byte[]? certificate) =>
        certificate is not null && Certificates.ParsedCertificate.TryParse(
            CertificateBytes.Leaf(certificate).ToArray(), out var parsed) ? parsed.Key : null;

    private static SecretCipher Cipher(
        SecurityPolicy policy, byte[] shared, ReadOnlySpan<byte> senderKey, ReadOnlySpan<byte> receiverKey)
    {
        var material = new byte[policy.EncryptionKeyLength + policy.SymmetricBlockSize];
        KeyDerivation.Hkdf(policy.Hash, shared, "opcua-secret"u8, senderKey, receiverKey, material);
        CryptographicOperations.ZeroMemory(shared);
        return new SecretCipher(material, policy.EncryptionKeyLength);
    }

    /// <summary>AES-CBC for one secret; forgets its keys after use.</summary>
    private readonly struct SecretCipher(byte[] material, int keyLength)
    {
        public void EncryptInPlace(byte[] text)
        {
            using var aes = Take();
            aes.EncryptCbc(text, material.AsSpan(keyLength), text, PaddingMode.None);
            CryptographicOperations.ZeroMemory(material);
        }

        public void DecryptInPlace(byte[] text)
        {
            using var aes = Take();
            aes.DecryptCbc(text, material.AsSpan(keyLength), text, PaddingMode.None);
            CryptographicOperations.ZeroMemory(material);
        }

        private Aes Take()
        {
            var aes = Aes.Create();
            aes.SetKey(material.AsSpan(0, keyLength));
            return aes;
        }
    }
}
