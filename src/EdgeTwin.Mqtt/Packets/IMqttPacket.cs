namespace EdgeTwin.Mqtt.Packets;

/// <summary>A packet that this side sends.</summary>
internal interface IMqttPacket
{
    MqttPacketType Type { get; }

    /// <summary>Lower four bits of the first byte.</summary>
    int Flags { get; }

    /// <summary>Writes (or measures) what follows the fixed header.</summary>
    void WriteBody(ref MqttWriter writer);
}
