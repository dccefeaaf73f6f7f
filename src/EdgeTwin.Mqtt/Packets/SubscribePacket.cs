namespace EdgeTwin.Mqtt.Packets;

/// <summary>SUBSCRIBE (§3.8) with one topic filter.</summary>
internal readonly record struct SubscribePacket(ushort PacketId, MqttSubscribeOptions Options) : IMqttPacket
{
    private const byte NoLocalFlag = 0x04;
    private const byte RetainAsPublishedFlag = 0x08;

    public MqttPacketType Type => MqttPacketType.Subscribe;

    public int Flags => 0b0010;

    public void WriteBody(ref MqttWriter writer)
    {
        writer.TwoByteInteger(PacketId);
        if (writer.HasProperties)
        {
            var measure = MqttWriter.Measure(writer.Version);
            WriteProperties(ref measure);
            writer.VariableByteInteger(measure.Written);
            WriteProperties(ref writer);
        }
        writer.Utf8String(Options.Filter);
        writer.Byte((byte)(writer.HasProperties ? SubscriptionOptions() : (int)Options.Qos));
    }

    private void WriteProperties(ref MqttWriter writer)
    {
        if (Options.Identifier is { } identifier) writer.SubscriptionIdentifier(identifier);
        writer.UserProperties(Options.UserProperties);
    }

    // §3.8.3.1
    private int SubscriptionOptions() =>
        (int)Options.Qos | (Options.NoLocal ? NoLocalFlag : 0)
        | (Options.RetainAsPublished ? RetainAsPublishedFlag : 0) | (int)Options.RetainHandling << 4;
}
