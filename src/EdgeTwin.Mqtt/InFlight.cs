namespace EdgeTwin.Mqtt;

/// <summary>One request that waits for its acknowledgement.</summary>
internal struct InFlight
{
    /// <summary>0 while the place is free.</summary>
    public ushort PacketId;

    /// <summary>The packet that ends it: PUBACK, SUBACK or UNSUBACK.</summary>
    public MqttPacketType Awaits;

    /// <summary>Counts sends, so that what is sent again goes in the old order.</summary>
    public long Order;

    public IMqttPublishObserver? Observer;
    public long Token;

    /// <summary>The packet itself (pooled), kept only for a session that outlives its connection.</summary>
    public byte[]? Packet;
    public int PacketLength;
}
