namespace EdgeTwin.Mqtt;

/// <summary>
/// Walks through the properties of one packet (MQTT 5.0 §2.2.2): <see cref="Next"/>, look at <see cref="Id"/>, read the
/// value with the method of its type. What a packet does not list is refused with <see cref="NotAllowed"/>; that a
/// property comes once is checked here.
/// </summary>
internal ref struct MqttPropertyReader(MqttReader fields)
{
    private MqttReader fields = fields;
    private ulong seen;

    /// <summary>Which property the next read is for.</summary>
    public MqttProperty Id { get; private set; }

    /// <summary>Goes to the next property; false after the last.</summary>
    public bool Next()
    {
        if (fields.Remaining == 0) return false;
        var id = fields.VariableByteInteger();
        if (id > (int)MqttProperty.SharedSubscriptionAvailable)
            throw MqttException.Malformed($"a property 0x{id:X2}, which does not exist");
        Id = (MqttProperty)id;
        // Subscription identifiers repeat in a PUBLISH that comes for several subscriptions (§3.3.2.3.8).
        var repeats = Id is MqttProperty.UserProperty or MqttProperty.SubscriptionIdentifier;
        if (!repeats && (seen & 1UL << id) != 0) throw MqttException.Violation($"the property {Id} twice");
        seen |= 1UL << id;
        return true;
    }

    /// <summary>A byte that is 0 or 1.</summary>
    public bool Flag()
    {
        var value = fields.Byte();
        return value <= 1 ? value == 1 : throw Outside(value, "0 or 1");
    }

    public ushort TwoByteInteger() => fields.TwoByteInteger();

    /// <summary>A two byte integer that is not 0.</summary>
    public ushort TwoByteIntegerAboveZero()
    {
        var value = fields.TwoByteInteger();
        return value != 0 ? value : throw Outside(value, "1 to 65535");
    }

    public uint FourByteInteger() => fields.FourByteInteger();

    /// <summary>A four byte integer that is not 0.</summary>
    public uint FourByteIntegerAboveZero()
    {
        var value = fields.FourByteInteger();
        return value != 0 ? value : throw Outside(value, "1 to 4294967295");
    }

    /// <summary>A number of seconds; the largest stands for "never ends" where the specification says so.</summary>
    public TimeSpan Seconds() => TimeSpan.FromSeconds(fields.FourByteInteger());

    /// <summary>A variable byte integer that is not 0.</summary>
    public int VariableByteIntegerAboveZero()
    {
        var value = fields.VariableByteInteger();
        return value != 0 ? value : throw Outside(value, "1 to 268435455");
    }

    public string Text() => fields.Text();

    /// <summary>A topic without wildcards.</summary>
    public string TopicName()
    {
        var topic = fields.TopicName();
        return topic.IsEmpty
            ? throw MqttException.Violation($"the property {Id} with an empty topic")
            : System.Text.Encoding.UTF8.GetString(topic);
    }

    public byte[] BinaryData() => fields.BinaryData().ToArray();

    public MqttUserProperty UserProperty() => new(fields.Text(), fields.Text());

    /// <summary>Reads a user property without keeping it.</summary>
    public void SkipUserProperty()
    {
        fields.Utf8String();
        fields.Utf8String();
    }

    /// <summary>The property has no business in this packet.</summary>
    public readonly MqttException NotAllowed(MqttPacketType packet) => Enum.IsDefined(Id)
        ? MqttException.Violation($"the property {Id} in {packet}, where it is not allowed")
        : MqttException.Malformed($"a property 0x{(int)Id:X2}, which does not exist");

    private readonly MqttException Outside(long value, string range) =>
        MqttException.Violation($"the property {Id} with the value {value}; allowed is {range}");
}
