namespace EdgeTwin.Mqtt.Packets;

/// <summary>CONNECT (§3.1): protocol name and level, flags, keep alive, properties, then client id, will, user name,
/// password.</summary>
/// <param name="Options">What the user wants.</param>
/// <param name="ClientId">The client identifier, which the broker may have assigned earlier.</param>
internal sealed record ConnectPacket(MqttClientOptions Options, string ClientId) : IMqttPacket
{
    private const byte CleanSessionFlag = 0x02;
    private const byte WillFlag = 0x04;
    private const byte WillRetainFlag = 0x20;
    private const byte PasswordFlag = 0x40;
    private const byte UserNameFlag = 0x80;

    public MqttPacketType Type => MqttPacketType.Connect;

    public int Flags => 0;

    public void WriteBody(ref MqttWriter writer)
    {
        writer.Utf8String("MQTT"u8);
        writer.Byte((byte)writer.Version);
        writer.Byte(ConnectFlags());
        writer.TwoByteInteger((int)Options.KeepAlive.TotalSeconds);
        if (writer.HasProperties)
        {
            var measure = MqttWriter.Measure(writer.Version);
            WriteProperties(ref measure);
            writer.VariableByteInteger(measure.Written);
            WriteProperties(ref writer);
        }
        writer.Utf8String(ClientId);
        if (Options.Will is { } will) WriteWill(ref writer, will);
        if (Options.User is { } user) writer.Utf8String(user);
        if (Options.Password is { } password) writer.BinaryData(password.Span);
    }

    // What is left out has the default of §3.1.2.11.
    private void WriteProperties(ref MqttWriter writer)
    {
        if (!Options.CleanSession) writer.Property(MqttProperty.SessionExpiryInterval, SessionExpirySeconds());
        if (Options.ReceiveMaximum != ushort.MaxValue)
            writer.Property(MqttProperty.ReceiveMaximum, (ushort)Options.ReceiveMaximum);
        writer.Property(MqttProperty.MaximumPacketSize, (uint)Options.MaxPacketSize);
        if (Options.TopicAliasMaximum != 0)
            writer.Property(MqttProperty.TopicAliasMaximum, (ushort)Options.TopicAliasMaximum);
        if (Options.RequestResponseInformation) writer.Property(MqttProperty.RequestResponseInformation, (byte)1);
        writer.UserProperties(Options.UserProperties);
    }

    // [MQTT-3.1.2.11.2]: the largest value means that the session never ends.
    private uint SessionExpirySeconds() =>
        Options.SessionExpiry is { } expiry ? (uint)expiry.TotalSeconds : uint.MaxValue;

    private static void WriteWill(ref MqttWriter writer, MqttWill will)
    {
        if (writer.HasProperties)
        {
            var measure = MqttWriter.Measure(writer.Version);
            WriteWillProperties(ref measure, will);
            writer.VariableByteInteger(measure.Written);
            WriteWillProperties(ref writer, will);
        }
        writer.Utf8String(will.Topic);
        writer.BinaryData(will.Payload.Span);
    }

    private static void WriteWillProperties(ref MqttWriter writer, MqttWill will)
    {
        if (will.Delay > TimeSpan.Zero) writer.Property(MqttProperty.WillDelayInterval, (uint)will.Delay.TotalSeconds);
        writer.MessageProperties(will.Properties);
    }

    private byte ConnectFlags()
    {
        var flags = 0;
        if (Options.CleanSession) flags |= CleanSessionFlag;
        if (Options.Will is { } will) flags |= WillFlag | (int)will.Qos << 3 | (will.Retain ? WillRetainFlag : 0);
        if (Options.User is not null) flags |= UserNameFlag;
        if (Options.Password is not null) flags |= PasswordFlag;
        return (byte)flags;
    }
}
