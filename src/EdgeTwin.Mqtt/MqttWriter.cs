using System.Buffers.Binary;
using System.Text;

namespace EdgeTwin.Mqtt;

/// <summary>
/// Writes one packet into a span that the caller has made large enough: fixed header, then fields in order. Or only
/// counts: a packet is first measured and then written by the same method, so that the two cannot disagree.
/// </summary>
internal ref struct MqttWriter
{
    /// <summary>Largest remaining length that four bytes can say (§2.1.4).</summary>
    public const int MaxRemainingLength = 268_435_455;

    private readonly Span<byte> target;
    private readonly bool measuring;

    public MqttWriter(Span<byte> target, MqttProtocolVersion version)
    {
        this.target = target;
        Version = version;
    }

    private MqttWriter(MqttProtocolVersion version)
    {
        measuring = true;
        Version = version;
    }

    /// <summary>For which protocol the fields are.</summary>
    public MqttProtocolVersion Version { get; }

    /// <summary>Whether packets have properties and reason codes.</summary>
    public readonly bool HasProperties => Version >= MqttProtocolVersion.V5;

    public int Written { get; private set; }

    /// <summary>A writer that only counts.</summary>
    public static MqttWriter Measure(MqttProtocolVersion version) => new(version);

    public void FixedHeader(MqttPacketType type, int flags, int remainingLength)
    {
        Byte((byte)((int)type << 4 | flags));
        VariableByteInteger(remainingLength);
    }

    public void Byte(byte value)
    {
        if (!measuring) target[Written] = value;
        Written++;
    }

    public void TwoByteInteger(int value)
    {
        if (!measuring) BinaryPrimitives.WriteUInt16BigEndian(target[Written..], (ushort)value);
        Written += 2;
    }

    public void FourByteInteger(uint value)
    {
        if (!measuring) BinaryPrimitives.WriteUInt32BigEndian(target[Written..], value);
        Written += 4;
    }

    /// <summary>Seven bits a byte, least significant first (§1.5.5).</summary>
    public void VariableByteInteger(int value)
    {
        var rest = (uint)value;
        do
        {
            var digit = rest & 0x7F;
            rest >>= 7;
            Byte((byte)(rest == 0 ? digit : digit | 0x80));
        }
        while (rest != 0);
    }

    public void Utf8String(ReadOnlySpan<byte> utf8) => BinaryData(utf8);

    public void Utf8String(string text)
    {
        if (measuring)
        {
            Written += 2 + Encoding.UTF8.GetByteCount(text);
            return;
        }
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
        if (!measuring) data.CopyTo(target[Written..]);
        Written += data.Length;
    }

    public void Property(MqttProperty id, byte value)
    {
        Byte((byte)id);
        Byte(value);
    }

    public void Property(MqttProperty id, ushort value)
    {
        Byte((byte)id);
        TwoByteInteger(value);
    }

    public void Property(MqttProperty id, uint value)
    {
        Byte((byte)id);
        FourByteInteger(value);
    }

    public void Property(MqttProperty id, string? value)
    {
        if (value is null) return;
        Byte((byte)id);
        Utf8String(value);
    }

    public void Property(MqttProperty id, ReadOnlyMemory<byte>? value)
    {
        if (value is not { } data) return;
        Byte((byte)id);
        BinaryData(data.Span);
    }

    public void SubscriptionIdentifier(int value)
    {
        Byte((byte)MqttProperty.SubscriptionIdentifier);
        VariableByteInteger(value);
    }

    public void UserProperties(IReadOnlyList<MqttUserProperty> properties)
    {
        for (var i = 0; i < properties.Count; i++)
        {
            Byte((byte)MqttProperty.UserProperty);
            Utf8String(properties[i].Name);
            Utf8String(properties[i].Value);
        }
    }

    /// <summary>What a message says beside its payload.</summary>
    public void MessageProperties(MqttMessageProperties properties)
    {
        if (properties.PayloadIsText) Property(MqttProperty.PayloadFormatIndicator, (byte)1);
        if (properties.Expiry is { } expiry) Property(MqttProperty.MessageExpiryInterval, (uint)expiry.TotalSeconds);
        Property(MqttProperty.ContentType, properties.ContentType);
        Property(MqttProperty.ResponseTopic, properties.ResponseTopic);
        Property(MqttProperty.CorrelationData, properties.CorrelationData);
        UserProperties(properties.UserProperties);
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
