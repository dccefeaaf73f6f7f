namespace EdgeTwin.Mqtt;

/// <summary>One request that waits for its acknowledgement.</summary>
internal struct InFlight
{
    /// <summary>0 while the place is free.</summary>
    public ushort PacketId;

    /// <summary>The packet that takes it one step on: PUBACK, PUBREC, PUBCOMP, SUBACK or UNSUBACK.</summary>
    public MqttPacketType Awaits;

    /// <summary>It outlives its connection: a message of a session that is not clean.</summary>
    public bool Kept;

    /// <summary>Counts sends, so that what is sent again goes in the old order.</summary>
    public long Order;

    public IMqttPublishObserver? Observer;
    public long Token;

    /// <summary>The PUBLISH of a kept message (pooled), without topic alias; gone once PUBREC has come.</summary>
    public byte[]? Packet;
    public int PacketLength;
}
