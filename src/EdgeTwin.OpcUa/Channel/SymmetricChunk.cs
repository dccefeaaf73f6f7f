using System.Buffers.Binary;
using EdgeTwin.OpcUa.Encoding;
using EdgeTwin.OpcUa.Schema;
using EdgeTwin.OpcUa.Security;

namespace EdgeTwin.OpcUa.Channel;

/// <summary>
/// A MSG or CLO chunk (OPC 10000-6 §6.7.2).
/// <code>
///  0  frame header (8)      8  UInt32 channel id     12  UInt32 token id
/// 16  UInt32 sequence number                         20  UInt32 request id
/// 24  body                                                                 from 16 on: encrypted
///     UInt8 padding size, padding bytes of that value (encrypted chunks only)
///     signature over all before it (signed and encrypted chunks)
/// </code>
/// </summary>
internal static class SymmetricChunk
{
    public const int ClearBytes = 16;
    public const int BodyAt = 24;
    private const int SequenceBytes = 8;

    /// <summary>Longest body of a chunk of at most so many bytes.</summary>
    public static int MaxBody(SecurityPolicy policy, MessageSecurityMode mode, int chunkBytes)
    {
        if (mode == MessageSecurityMode.None) return chunkBytes - BodyAt;
        if (mode == MessageSecurityMode.Sign) return chunkBytes - BodyAt - policy.SymmetricSignatureLength;
        var block = policy.SymmetricBlockSize;
        return (chunkBytes - ClearBytes) / block * block - SequenceBytes - 1 - policy.SymmetricSignatureLength;
    }

    /// <summary>Length of the chunk for a body.</summary>
    public static int Length(SecurityPolicy policy, MessageSecurityMode mode, int body)
    {
        if (mode == MessageSecurityMode.None) return BodyAt + body;
        if (mode == MessageSecurityMode.Sign) return BodyAt + body + policy.SymmetricSignatureLength;
        var block = policy.SymmetricBlockSize;
        var plain = SequenceBytes + body + 1 + policy.SymmetricSignatureLength;
        return ClearBytes + (plain + block - 1) / block * block;
    }

    /// <summary>Writes the headers; the body follows at <see cref="BodyAt"/>, then <see cref="Seal"/>.</summary>
    public static void WriteHeaders(
        Span<byte> chunk, MessageType type, ChunkKind kind, uint channelId, uint tokenId, uint sequence, uint requestId)
    {
        Frame.Write(chunk, type, kind);
        BinaryPrimitives.WriteUInt32LittleEndian(chunk[8..], channelId);
        BinaryPrimitives.WriteUInt32LittleEndian(chunk[12..], tokenId);
        BinaryPrimitives.WriteUInt32LittleEndian(chunk[16..], sequence);
        BinaryPrimitives.WriteUInt32LittleEndian(chunk[20..], requestId);
    }

    /// <summary>Pads, signs and encrypts a chunk whose headers and body are written.</summary>
    public static void Seal(ArraySegment<byte> chunk, int body, MessageSecurityMode mode, SymmetricCipher cipher)
    {
        var span = chunk.AsSpan();
        var signed = span.Length - cipher.SignatureLength;
        if (mode == MessageSecurityMode.SignAndEncrypt)
        {
            var padding = span[(BodyAt + body)..signed];
            padding.Fill((byte)(padding.Length - 1));
        }

        cipher.Sign(span[..signed], span[signed..]);
        if (mode == MessageSecurityMode.SignAndEncrypt)
            cipher.Encrypt(chunk.Array!, chunk.Offset + ClearBytes, span.Length - ClearBytes);
    }

    public static uint ChannelId(in Frame frame) => BinaryPrimitives.ReadUInt32LittleEndian(frame.Span[8..]);

    public static uint TokenId(in Frame frame) => BinaryPrimitives.ReadUInt32LittleEndian(frame.Span[12..]);

    public static uint Sequence(in Frame frame) => BinaryPrimitives.ReadUInt32LittleEndian(frame.Span[16..]);

    public static uint RequestId(in Frame frame) => BinaryPrimitives.ReadUInt32LittleEndian(frame.Span[20..]);

    /// <summary>Decrypts in place and verifies.</summary>
    /// <returns>Length of the body, which begins at <see cref="BodyAt"/>.</returns>
    /// <exception cref="OpcUaException">BadSecurityChecksFailed: it was not sealed with these keys.</exception>
    public static int Open(in Frame frame, MessageSecurityMode mode, SymmetricCipher cipher)
    {
        var encrypted = mode == MessageSecurityMode.SignAndEncrypt;
        var least = BodyAt + cipher.SignatureLength + (encrypted ? 1 : 0);
        if (frame.Length < least || (encrypted && (frame.Length - ClearBytes) % 16 != 0))
            throw Refused($"a chunk of {frame.Length} bytes cannot be signed and encrypted as agreed");
        if (encrypted) cipher.Decrypt(frame.Buffer, frame.Offset + ClearBytes, frame.Length - ClearBytes);
        var span = frame.Span;
        var end = span.Length - cipher.SignatureLength;
        if (!cipher.Verify(span[..end], span[end..])) throw Refused("the signature of a chunk is wrong");
        if (encrypted)
        {
            // Only a peer that holds the keys gets here: the padding cannot be an oracle.
            end -= span[end - 1] + 1;
            if (end < BodyAt) throw Refused("the padding of a chunk is longer than the chunk");
        }

        return end - BodyAt;
    }

    private static OpcUaException Refused(string why) => new(StatusCodes.BadSecurityChecksFailed, why);
}
