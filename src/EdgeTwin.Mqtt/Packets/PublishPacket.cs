namespace EdgeTwin.Mqtt.Packets;

/// <summary>PUBLISH (§3.3): topic, packet identifier for QoS 1 and 2, properties, payload. A view; it owns no
/// bytes.</summary>
internal readonly ref struct PublishPacket : IMqttPacket
{
    public const byte DupFlag = 0x08;
    private const byte RetainFlag = 0x01;

    /// <summary>Bytes of a topic alias in the properties.</summary>
    public const int AliasLength = 3;

    public required ReadOnlySpan<byte> Topic { get; init; }
    public required ReadOnlySpan<byte> Payload { get; init; }
    public required MqttQos Qos { get; init; }
    public bool Retain { get; init; }
    public bool Dup { get; init; }

    /// <summary>0 for QoS 0, which has none.</summary>
    public ushort PacketId { get; init; }

    /// <summary>Number that stands for the topic, or from now on will; 0 for none.</summary>
    public ushort TopicAlias { get; init; }

    /// <summary>What the message says; null for nothing.</summary>
    public MqttMessageProperties? Properties { get; init; }

    /// <summary>Of a received message.</summary>
    public IReadOnlyList<int> SubscriptionIdentifiers { get; init; }

    public MqttPacketType Type => MqttPacketType.Publish;

    public int Flags => (Dup ? DupFlag : 0) | (int)Qos << 1 | (Retain ? RetainFlag : 0);

    public void WriteBody(ref MqttWriter writer)
    {
        writer.Utf8String(Topic);
        if (Qos != MqttQos.AtMostOnce) writer.TwoByteInteger(PacketId);
        if (writer.HasProperties)
        {
            writer.VariableByteInteger(PropertiesLength(writer.Version));
            WriteProperties(ref writer);
        }
        writer.Bytes(Payload);
    }

    public static PublishPacket Read(int flags, ref MqttReader reader)
    {
        var qos = flags >> 1 & 3;
        if (qos == 3) throw MqttException.Malformed("PUBLISH with QoS 3"); // [MQTT-3.3.1-4]
        // [MQTT-3.3.1-2]
        if (qos == 0 && (flags & DupFlag) != 0) throw MqttException.Malformed("PUBLISH with QoS 0 and DUP");
        var topic = reader.TopicName();
        var id = qos == 0 ? (ushort)0 : reader.PacketIdentifier();
        var alias = 0;
        List<int>? identifiers = null;
        var said = ReadProperties(ref reader, ref alias, ref identifiers);
        return new PublishPacket
        {
            Topic = topic,
            PacketId = id,
            Payload = reader.Rest(),
            Qos = (MqttQos)qos,
            Retain = (flags & RetainFlag) != 0,
            Dup = (flags & DupFlag) != 0,
            TopicAlias = (ushort)alias,
            Properties = said,
            SubscriptionIdentifiers = identifiers ?? (IReadOnlyList<int>)[],
        };
    }

    private int PropertiesLength(MqttProtocolVersion version)
    {
        if (Properties is null) return TopicAlias == 0 ? 0 : AliasLength;
        var measure = MqttWriter.Measure(version);
        WriteProperties(ref measure);
        return measure.Written;
    }

    private void WriteProperties(ref MqttWriter writer)
    {
        if (TopicAlias != 0) writer.Property(MqttProperty.TopicAlias, TopicAlias);
        if (Properties is not null) writer.MessageProperties(Properties);
    }

    private static MqttMessageProperties? ReadProperties(
        ref MqttReader reader, ref int alias, ref List<int>? identifiers)
    {
        var properties = reader.Properties();
        MqttMessageProperties? said = null;
        List<MqttUserProperty>? userProperties = null;
        while (properties.Next())
        {
            switch (properties.Id)
            {
                case MqttProperty.TopicAlias:
                    alias = properties.TwoByteInteger();
                    if (alias == 0) // [MQTT-3.3.2-8]
                        throw MqttException.Violation("topic alias 0", MqttReasonCode.TopicAliasInvalid);
                    break;
                case MqttProperty.SubscriptionIdentifier:
                    (identifiers ??= []).Add(properties.VariableByteIntegerAboveZero());
                    break;
                case MqttProperty.UserProperty:
                    (userProperties ??= []).Add(properties.UserProperty());
                    break;
                default:
                    said = Say(said ?? MqttMessageProperties.None, ref properties);
                    break;
            }
        }
        return userProperties is null
            ? said
            : (said ?? MqttMessageProperties.None) with { UserProperties = userProperties };
    }

    private static MqttMessageProperties Say(MqttMessageProperties said, ref MqttPropertyReader properties) =>
        properties.Id switch
        {
            MqttProperty.PayloadFormatIndicator => said with { PayloadIsText = properties.Flag() },
            MqttProperty.MessageExpiryInterval => said with { Expiry = properties.Seconds() },
            MqttProperty.ContentType => said with { ContentType = properties.Text() },
            MqttProperty.ResponseTopic => said with { ResponseTopic = properties.TopicName() },
            MqttProperty.CorrelationData => said with { CorrelationData = properties.BinaryData() },
            _ => throw properties.NotAllowed(MqttPacketType.Publish),
        };
}
