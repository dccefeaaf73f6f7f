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

    /// <summary>Whether packets have properties and reason codes.</summary>
    public readonly bool HasProperties => version >= MqttProtocolVersion.V5;

    public readonly int Remaining => rest.Length;

    public byte Byte() => Take(1)[0];

    /// <summary>Two byte integer, most significant byte first (§1.5.2).</summary>
    public ushort TwoByteInteger() => BinaryPrimitives.ReadUInt16BigEndian(Take(2));

    /// <summary>Four byte integer, most significant byte first (§1.5.3).</summary>
    public uint FourByteInteger() => BinaryPrimitives.ReadUInt32BigEndian(Take(4));

    /// <summary>Variable byte integer: seven bits a byte, least significant first, at most four bytes and not more than
    /// are needed (§1.5.5).</summary>
    public int VariableByteInteger()
    {
        var value = 0;
        for (var shift = 0; shift <= 21; shift += 7)
        {
            var digit = Byte();
            value |= (digit & 0x7F) << shift;
            if ((digit & 0x80) != 0) continue;
            if (digit == 0 && shift > 0) // [MQTT-1.5.5-1]
                throw MqttException.Malformed("a variable byte integer in more bytes than it needs");
            return value;
        }
        throw MqttException.Malformed("a variable byte integer of more than four bytes");
    }

    /// <summary>A packet identifier, which is never 0 (§2.2.1).</summary>
    public ushort PacketIdentifier()
    {
        var id = TwoByteInteger();
        return id != 0 ? id : throw MqttException.Malformed("packet identifier 0");
    }

    /// <summary>UTF-8 encoded string (§1.5.4): well-formed and without U+0000.</summary>
    public ReadOnlySpan<byte> Utf8String()
    {
        var text = Take(TwoByteInteger());
        if (!Utf8.IsValid(text) || text.Contains((byte)0))
            throw MqttException.Malformed("a string that is not valid UTF-8 or contains U+0000");
        return text;
    }

    public string Text() => Encoding.UTF8.GetString(Utf8String());

    /// <summary>Two length bytes and the data (§1.5.6).</summary>
    public ReadOnlySpan<byte> BinaryData() => Take(TwoByteInteger());

    /// <summary>The topic of a message: no wildcards (§3.3.2.1, §4.7.1.1), and not empty where nothing can stand for
    /// it.</summary>
    public ReadOnlySpan<byte> TopicName()
    {
        var topic = Utf8String();
        if (topic.IsEmpty && !HasProperties) throw MqttException.Malformed("an empty topic");
        if (topic.ContainsAny((byte)'+', (byte)'#'))
            throw MqttException.Malformed($"topic '{Encoding.UTF8.GetString(topic)}', which contains a wildcard");
        return topic;
    }

    /// <summary>The properties of the packet, in MQTT 5.0; they must be read to their end.</summary>
    public MqttPropertyReader Properties() =>
        new(new MqttReader(HasProperties ? Take(VariableByteInteger()) : default, version));

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
