using System.Buffers;
using System.Buffers.Binary;
using EdgeTwin.OpcUa.Encoding;
using EdgeTwin.OpcUa.Schema;
using EdgeTwin.OpcUa.Security;

namespace EdgeTwin.OpcUa.Channel;

/// <summary>
/// An OPN chunk (OPC 10000-6 §6.7.2), which is always the only one of its message.
/// <code>
/// headers as in AsymmetricHeader
/// UInt32 sequence number, UInt32 request id                               from here: encrypted (RSA)
/// body
/// UInt8 padding size, padding bytes of that value, UInt8 high byte of the padding size where the receiver's key is
///   longer than 2048 bits (RSA)
/// signature over all before it, the size in the frame header being that of the encrypted frame
/// </code>
/// RSA policies sign and encrypt in both modes; ECC policies only sign.
/// </summary>
internal static class AsymmetricChunk
{
    private const int SequenceBytes = 8;
    private const int LongKeyBytes = 256;

    /// <summary>What an opened chunk holds.</summary>
    internal readonly ref struct Content
    {
        public uint Sequence { get; init; }

        public uint RequestId { get; init; }

        public ReadOnlySpan<byte> Body { get; init; }
    }

    /// <summary>Writes, signs and encrypts. Without security, the certificates are null.</summary>
    public static void Write(
        IChunkSink sink, SecurityPolicy policy, OwnCertificate? own, PeerCertificate? peer, uint channelId,
        uint sequence, uint requestId, ReadOnlySpan<byte> body, int largest)
    {
        var thumbprint = peer is null ? null : CertificateBytes.Thumbprint(peer.Leaf);
        var clear = AsymmetricHeader.Length(policy.Uri, own?.Chain, thumbprint);
        var signature = own is null ? 0 : own.Key.SignatureLength;
        var plain = SequenceBytes + body.Length + signature;
        var padding = 0;
        var encrypted = plain;
        if (peer is not null && !policy.IsEcc)
        {
            var sizeBytes = peer.Key.SignatureLength > LongKeyBytes ? 2 : 1;
            var block = AsymmetricCipher.PlainBlockSize(policy, peer.Key);
            padding = sizeBytes + (block - (plain + sizeBytes) % block) % block;
            plain += padding;
            encrypted = AsymmetricCipher.EncryptedLength(policy, peer.Key, plain);
        }

        if (clear + encrypted > largest)
            throw new OpcUaException(StatusCodes.BadTcpMessageTooLarge,
                $"the OPN frame has {clear + encrypted} bytes, the peer takes {largest}; its certificate chain has "
                + $"{own?.Chain.Length ?? 0}");
        var work = ArrayPool<byte>.Shared.Rent(clear + plain);
        try
        {
            var frame = work.AsSpan(0, clear + plain);
            Frame.Write(frame, MessageType.Open, ChunkKind.Final);
            BinaryPrimitives.WriteInt32LittleEndian(frame[4..], clear + encrypted);
            AsymmetricHeader.Write(frame, channelId, policy.Uri, own?.Chain, thumbprint);
            BinaryPrimitives.WriteUInt32LittleEndian(frame[clear..], sequence);
            BinaryPrimitives.WriteUInt32LittleEndian(frame[(clear + 4)..], requestId);
            body.CopyTo(frame[(clear + SequenceBytes)..]);
            if (padding > 0) Pad(frame.Slice(clear + SequenceBytes + body.Length, padding), peer!.Key);
            if (own is not null)
                AsymmetricCipher.Sign(policy, own.Key, frame[..^signature], frame[^signature..]);
            var chunk = sink.Reserve(clear + encrypted).AsSpan();
            if (padding == 0)
            {
                frame.CopyTo(chunk);
                return;
            }

            frame[..clear].CopyTo(chunk);
            AsymmetricCipher.Encrypt(policy, peer!.Key, frame[clear..], chunk[clear..]);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(work, clearArray: true);
        }
    }

    /// <summary>Decrypts in place and verifies.</summary>
    /// <exception cref="OpcUaException">BadSecurityChecksFailed, for every way in which it can be wrong.</exception>
    public static Content Open(
        in Frame frame, int headerBytes, SecurityPolicy policy, OwnCertificate? own, PeerCertificate? peer)
    {
        var span = frame.Span;
        var end = span.Length;
        if (policy.IsSecure)
        {
            if (!policy.IsEcc)
            {
                var secret = span[headerBytes..];
                if (!AsymmetricCipher.TryDecrypt(policy, own!.Key, secret, secret, out var plain))
                    throw Refused("OPN cannot be decrypted");
                end = headerBytes + plain;
            }

            end -= peer!.Key.SignatureLength;
            if (end < headerBytes + SequenceBytes) throw Refused("OPN is shorter than its signature");
            var signature = span.Slice(end, peer.Key.SignatureLength);
            if (!AsymmetricCipher.Verify(policy, peer.Key, span[..end], signature))
                throw Refused("the signature of OPN is wrong");
            if (!policy.IsEcc) end -= PaddingBytes(span[(headerBytes + SequenceBytes)..end], own!.Key);
        }

        if (end < headerBytes + SequenceBytes)
            throw new OpcUaException(StatusCodes.BadDecodingError, "OPN ends before its sequence header");
        return new Content
        {
            Sequence = BinaryPrimitives.ReadUInt32LittleEndian(span[headerBytes..]),
            RequestId = BinaryPrimitives.ReadUInt32LittleEndian(span[(headerBytes + 4)..]),
            Body = span[(headerBytes + SequenceBytes)..end],
        };
    }

    private static void Pad(Span<byte> padding, CertificateKey receiver)
    {
        var extended = receiver.SignatureLength > LongKeyBytes;
        var size = padding.Length - (extended ? 2 : 1);
        padding.Fill((byte)size);
        if (extended) padding[^1] = (byte)(size >> 8);
    }

    // The last byte, or the last before the high byte, repeats the low byte of the padding size.
    private static int PaddingBytes(ReadOnlySpan<byte> content, CertificateKey receiver)
    {
        var sizeBytes = receiver.SignatureLength > LongKeyBytes ? 2 : 1;
        if (content.Length < sizeBytes) throw Refused("OPN has no padding");
        var size = sizeBytes == 1 ? content[^1] : content[^1] << 8 | content[^2];
        var all = size + sizeBytes;
        if (all > content.Length || content[^all] != (byte)size) throw Refused("the padding of OPN is wrong");
        return all;
    }

    private static OpcUaException Refused(string why) => new(StatusCodes.BadSecurityChecksFailed, why);
}
