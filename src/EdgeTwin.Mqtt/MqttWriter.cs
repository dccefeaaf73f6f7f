using System.Buffers.Binary;
using System.Text;

namespace EdgeTwin.Mqtt;

/// <summary>Writes one packet into a span that the caller has made large enough: fixed header, then fields in
/// order.</summary>
internal ref struct MqttWriter(Span<byte> target, MqttProtocolVersion version)
{
    /// <summary>Largest remaining length that four bytes can say (§2.2.3).</summary>
    public const int MaxRemainingLength = 268_435_455;

    private readonly Span<byte> target = target;

    /// <summary>For which protocol the fields are.</summary>
    public readonly MqttProtocolVersion Version => version;

    public int Written { get; private set; }

    public void FixedHeader(MqttPacketType type, int flags, int remainingLength)
    {
        Byte((byte)((int)type << 4 | flags));
        var rest = (uint)remainingLength;
        do
        {
            var digit = rest & 0x7F;
            rest >>= 7;
            Byte((byte)(rest == 0 ? digit : digit | 0x80));
        }
        while (rest != 0);
    }

    public void Byte(byte value) => target[Written++] = value;

    public void TwoByteInteger(int value)
    {
        BinaryPrimitives.WriteUInt16BigEndian(target[Written..], (ushort)value);
        Written += 2;
    }

    public void Utf8String(ReadOnlySpan<byte> utf8) => BinaryData(utf8);

    public void Utf8String(string text)
    {
        var length = Encoding.UTF8.GetBytes(text, target[(Written + 2)..]);
        TwoByteInteger(length);
        Written += length;
    }

    /// <summary>Two length bytes and the data.</summary>
    public void BinaryData(ReadOnlySpan<byte> data)
    {
        TwoByteInteger(data.Length);
        Bytes(data);
    }

    public void Bytes(ReadOnlySpan<byte> data)
    {
        data.CopyTo(target[Written..]);
        Written += data.Length;
    }

    /// <summary>Bytes of the fixed header for a body of this length.</summary>
    public static int FixedHeaderLength(int remainingLength) => remainingLength switch
    {
        < 128 => 2,
        < 16_384 => 3,
        < 2_097_152 => 4,
        _ => 5,
    };
}
