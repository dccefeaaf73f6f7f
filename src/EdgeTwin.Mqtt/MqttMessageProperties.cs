namespace EdgeTwin.Mqtt;

/// <summary>What MQTT 5.0 lets a message say beside its payload (§3.3.2.3, for a will §3.1.3.2). One object may serve
/// many messages. MQTT 3.1.1 has none of it; a client that speaks it leaves them out.</summary>
public sealed record MqttMessageProperties
{
    /// <summary>A message that says nothing.</summary>
    public static MqttMessageProperties None { get; } = new();

    /// <summary>The payload is UTF-8 text; otherwise nothing is said about it.</summary>
    public bool PayloadIsText { get; init; }

    /// <summary>After this time the broker gives the message up, in whole seconds; absent for never. In a received
    /// message: the time that was left.</summary>
    public TimeSpan? Expiry { get; init; }

    /// <summary>What the payload is, such as <c>application/json</c>.</summary>
    public string? ContentType { get; init; }

    /// <summary>Topic for the answer to a request, without wildcards.</summary>
    public string? ResponseTopic { get; init; }

    /// <summary>What the answer must bring back, so that the asker knows to which request it belongs.</summary>
    public ReadOnlyMemory<byte>? CorrelationData { get; init; }

    /// <summary>Pairs of strings, in order.</summary>
    public IReadOnlyList<MqttUserProperty> UserProperties { get; init; } = [];

    /// <exception cref="ArgumentException">A value is outside its range.</exception>
    internal static void Validate(MqttMessageProperties properties)
    {
        if (properties.Expiry is { } expiry
            && (expiry < TimeSpan.Zero || expiry.TotalSeconds > uint.MaxValue))
            throw new ArgumentException($"a message expiry of {expiry} is outside 0 to 4294967295 s",
                nameof(properties));
        if (properties.ResponseTopic is { } topic && (topic.Length == 0 || topic.AsSpan().ContainsAny('+', '#')))
            throw new ArgumentException($"'{topic}' is not a response topic: empty or with a wildcard",
                nameof(properties)); // [MQTT-3.3.2-14]
    }
}
