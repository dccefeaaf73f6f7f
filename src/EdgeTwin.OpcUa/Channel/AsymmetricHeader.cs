using System.Buffers.Binary;
using EdgeTwin.OpcUa.Encoding;
using EdgeTwin.OpcUa.Schema;

namespace EdgeTwin.OpcUa.Channel;

/// <summary>
/// The clear part of an OPN chunk (OPC 10000-6 §6.7.2.3).
/// <code>
/// 0  frame header (8)      8  UInt32 channel id     12  String policy uri
///    ByteString sender's certificate                    ByteString thumbprint of the receiver's certificate
/// </code>
/// </summary>
internal readonly ref struct AsymmetricHeader
{
    private const int MostUriBytes = 255;
    private const int PolicyAt = 12;

    public uint ChannelId { get; private init; }

    public string PolicyUri { get; private init; }

    public ReadOnlySpan<byte> SenderCertificate { get; private init; }

    public ReadOnlySpan<byte> ReceiverThumbprint { get; private init; }

    /// <summary>Bytes from the frame's begin to the sequence header.</summary>
    public int Bytes { get; private init; }

    public static AsymmetricHeader Read(ReadOnlySpan<byte> frame)
    {
        if (frame.Length < PolicyAt) throw Short();
        var at = PolicyAt;
        var policy = Next(frame, ref at);
        if (policy.Length > MostUriBytes)
            throw new OpcUaException(StatusCodes.BadSecurityPolicyRejected, "the uri of the policy passes 255 bytes");
        var certificate = Next(frame, ref at);
        var thumbprint = Next(frame, ref at);
        return new AsymmetricHeader
        {
            ChannelId = BinaryPrimitives.ReadUInt32LittleEndian(frame[8..]),
            PolicyUri = System.Text.Encoding.UTF8.GetString(policy),
            SenderCertificate = certificate,
            ReceiverThumbprint = thumbprint,
            Bytes = at,
        };
    }

    public static int Length(string policyUri, byte[]? certificate, byte[]? thumbprint) => PolicyAt
        + 4 + System.Text.Encoding.UTF8.GetByteCount(policyUri) + 4 + (certificate?.Length ?? 0)
        + 4 + (thumbprint?.Length ?? 0);

    /// <summary>Writes all behind the frame header.</summary>
    public static void Write(
        Span<byte> frame, uint channelId, string policyUri, byte[]? certificate, byte[]? thumbprint)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(frame[8..], channelId);
        TextField.Write(frame[PolicyAt..], policyUri);
        var at = PolicyAt + TextField.Bytes(policyUri);
        Put(frame, ref at, certificate);
        Put(frame, ref at, thumbprint);
    }

    private static ReadOnlySpan<byte> Next(ReadOnlySpan<byte> frame, scoped ref int at)
    {
        if (frame.Length < at + 4) throw Short();
        var length = BinaryPrimitives.ReadInt32LittleEndian(frame[at..]);
        at += 4;
        if (length < -1 || length > frame.Length - at) throw Short();
        if (length <= 0) return [];
        at += length;
        return frame.Slice(at - length, length);
    }

    private static void Put(Span<byte> frame, ref int at, byte[]? bytes)
    {
        BinaryPrimitives.WriteInt32LittleEndian(frame[at..], bytes?.Length ?? -1);
        bytes?.CopyTo(frame[(at + 4)..]);
        at += 4 + (bytes?.Length ?? 0);
    }

    private static OpcUaException Short() =>
        new(StatusCodes.BadDecodingError, "the security header is longer than its frame");
}
