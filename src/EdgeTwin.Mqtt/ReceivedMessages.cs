namespace EdgeTwin.Mqtt;

/// <summary>Identifiers of messages received with QoS 2 that the broker has not yet released (§4.3.3): such a one is
/// not delivered again.</summary>
internal sealed class ReceivedMessages(int most)
{
    private ulong[]? bits;

    public int Count { get; private set; }

    public bool Contains(ushort packetId) => bits is not null && (bits[packetId >> 6] & 1UL << (packetId & 63)) != 0;

    /// <summary>Remembers an identifier.</summary>
    /// <exception cref="MqttException">ProtocolViolation: more than the receive maximum.</exception>
    public void Add(ushort packetId)
    {
        if (Count >= most) // [MQTT-3.3.4-7], §4.9
            throw MqttException.Violation($"more than {most} messages without waiting for their acknowledgements",
                MqttReasonCode.ReceiveMaximumExceeded);
        bits ??= new ulong[1024];
        bits[packetId >> 6] |= 1UL << (packetId & 63);
        Count++;
    }

    /// <summary>Forgets an identifier; false when it was not known.</summary>
    public bool Remove(ushort packetId)
    {
        if (!Contains(packetId)) return false;
        bits![packetId >> 6] &= ~(1UL << (packetId & 63));
        Count--;
        return true;
    }

    public void Clear()
    {
        bits = null;
        Count = 0;
    }
}
