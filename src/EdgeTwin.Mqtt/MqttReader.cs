using System.Buffers.Binary;
using System.Text;
using System.Text.Unicode;

namespace EdgeTwin.Mqtt;

/// <summary>Reads the fields of one packet body. Every length is checked against what is left before it is
/// used.</summary>
/// <exception cref="MqttException">Malformed: the body is shorter than its fields say.</exception>
internal ref struct MqttReader(ReadOnlySpan<byte> body, MqttProtocolVersion version)
{
    private ReadOnlySpan<byte> rest = body;

    /// <summary>Of which protocol the fields are.</summary>
    public readonly MqttProtocolVersion Version => version;

    public readonly int Remaining => rest.Length;

    public byte Byte() => Take(1)[0];

    /// <summary>Two byte integer, most significant byte first (§1.5.2).</summary>
    public ushort TwoByteInteger() => BinaryPrimitives.ReadUInt16BigEndian(Take(2));

    /// <summary>A packet identifier, which is never 0 (§2.3.1).</summary>
    public ushort PacketIdentifier()
    {
        var id = TwoByteInteger();
        return id != 0 ? id : throw MqttException.Malformed("packet identifier 0");
    }

    /// <summary>UTF-8 encoded string (§1.5.3): well-formed and without U+0000.</summary>
    public ReadOnlySpan<byte> Utf8String()
    {
        var text = Take(TwoByteInteger());
        if (!Utf8.IsValid(text) || text.Contains((byte)0))
            throw MqttException.Malformed("a string that is not valid UTF-8 or contains U+0000");
        return text;
    }

    /// <summary>The topic of a message: not empty, no wildcards (§3.3.2.1, §4.7.1.1).</summary>
    public ReadOnlySpan<byte> TopicName()
    {
        var topic = Utf8String();
        if (topic.IsEmpty) throw MqttException.Malformed("an empty topic");
        if (topic.ContainsAny((byte)'+', (byte)'#'))
            throw MqttException.Malformed($"topic '{Encoding.UTF8.GetString(topic)}', which contains a wildcard");
        return topic;
    }

    /// <summary>Everything up to the end of the packet.</summary>
    public ReadOnlySpan<byte> Rest()
    {
        var all = rest;
        rest = default;
        return all;
    }

    /// <summary>The packet must be used up here.</summary>
    public readonly void End()
    {
        if (!rest.IsEmpty) throw MqttException.Malformed($"{rest.Length} bytes too many in a packet");
    }

    private ReadOnlySpan<byte> Take(int count)
    {
        if (rest.Length < count)
            throw MqttException.Malformed($"a packet that ends early: {count} bytes expected, {rest.Length} left");
        var taken = rest[..count];
        rest = rest[count..];
        return taken;
    }
}
