using System.Buffers;

namespace EdgeTwin.Mqtt;

/// <summary>Cuts the byte stream into packets: one byte type and flags, one to four bytes remaining length (§2.2), the
/// body.</summary>
/// <param name="Type">Kind of packet.</param>
/// <param name="Flags">Lower four bits of the first byte, already checked where they are reserved.</param>
/// <param name="Body">What follows the fixed header.</param>
internal readonly record struct MqttFrame(MqttPacketType Type, int Flags, ReadOnlySequence<byte> Body)
{
    private const int MostLengthBytes = 4;

    /// <summary>
    /// Takes the next packet off the buffer, or returns false because more bytes are needed. The announced length is
    /// held against the limit before a single byte of the body is waited for.
    /// </summary>
    public static bool TryRead(ref ReadOnlySequence<byte> buffer, int maxPacketSize, out MqttFrame frame)
    {
        frame = default;
        var reader = new SequenceReader<byte>(buffer);
        if (!reader.TryRead(out var first)) return false;
        var type = (MqttPacketType)(first >> 4);
        CheckFlags(type, first & 0x0F);

        var length = 0;
        for (var i = 0; ; i++)
        {
            if (i == MostLengthBytes) throw MqttException.Malformed("a remaining length of more than four bytes");
            if (!reader.TryRead(out var digit)) return false;
            length |= (digit & 0x7F) << (7 * i);
            if ((digit & 0x80) == 0) break;
        }
        if (length + reader.Consumed > maxPacketSize)
            throw new MqttException(MqttError.TooLarge,
                $"the broker announced a packet of {length} bytes; at most {maxPacketSize} are accepted", null,
                MqttReasonCode.PacketTooLarge);
        if (reader.Remaining < length) return false;

        frame = new MqttFrame(type, first & 0x0F, buffer.Slice(reader.Position, length));
        buffer = buffer.Slice(frame.Body.End);
        return true;
    }

    // Table 2-2: all but PUBLISH have fixed flags; a client never gets CONNECT, SUBSCRIBE, UNSUBSCRIBE, PINGREQ.
    private static void CheckFlags(MqttPacketType type, int flags)
    {
        switch (type)
        {
            case MqttPacketType.Publish:
                return;
            case MqttPacketType.ConnAck or MqttPacketType.PubAck or MqttPacketType.PubRec or MqttPacketType.PubComp
                or MqttPacketType.SubAck or MqttPacketType.UnsubAck or MqttPacketType.PingResp
                or MqttPacketType.Disconnect or MqttPacketType.Auth:
                if (flags != 0) throw MqttException.Malformed($"{type} with reserved flag bits 0x{flags:X}");
                return;
            case MqttPacketType.PubRel: // [MQTT-3.6.1-1]
                if (flags != 0b0010) throw MqttException.Malformed($"{type} with reserved flag bits 0x{flags:X}");
                return;
            default:
                throw MqttException.Violation($"packet type {(int)type}, which a client never receives");
        }
    }
}
