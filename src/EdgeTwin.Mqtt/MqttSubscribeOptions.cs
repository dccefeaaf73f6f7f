namespace EdgeTwin.Mqtt;

/// <summary>What to subscribe to, and how received messages wait for the application.</summary>
public sealed record MqttSubscribeOptions
{
    /// <summary>Topic filter, with <c>+</c> for one level and <c>#</c> for the rest; <c>$share/NAME/FILTER</c> shares
    /// the messages among all who subscribe with the same name.</summary>
    public required string Filter { get; init; }

    /// <summary>Highest quality of service of a delivery; the broker may grant less.</summary>
    public MqttQos Qos { get; init; } = MqttQos.AtLeastOnce;

    /// <summary>Messages that wait for the application, at least 1.</summary>
    public int Queue { get; init; } = 1024;

    /// <summary>What happens when the queue is full.</summary>
    public MqttQueueFullPolicy WhenFull { get; init; } = MqttQueueFullPolicy.Wait;

    /// <summary>Leave out what this client publishes itself. MQTT 5.0; not with a shared subscription.</summary>
    public bool NoLocal { get; init; }

    /// <summary>Deliver the retain flag as the publisher set it. MQTT 5.0.</summary>
    public bool RetainAsPublished { get; init; }

    /// <summary>Which kept messages come at the beginning. MQTT 5.0.</summary>
    public MqttRetainHandling RetainHandling { get; init; } = MqttRetainHandling.Send;

    /// <summary>Number, 1–268,435,455, that comes back with each message of this subscription; absent for none.
    /// MQTT 5.0.</summary>
    public int? Identifier { get; init; }

    /// <summary>Pairs of strings for the broker. MQTT 5.0.</summary>
    public IReadOnlyList<MqttUserProperty> UserProperties { get; init; } = [];

    internal bool IsShared => MqttTopicFilter.IsShared(Filter);

    /// <exception cref="ArgumentException">A value is outside its range.</exception>
    internal static void Validate(MqttSubscribeOptions options)
    {
        if (Problem(options) is { } problem) throw new ArgumentException(problem, nameof(options));
    }

    private static string? Problem(MqttSubscribeOptions options) => options switch
    {
        _ when MqttTopicFilter.Problem(options.Filter) is { } problem => problem,
        { Qos: > MqttQos.ExactlyOnce } => $"QoS {(int)options.Qos} does not exist; it is 0, 1 or 2",
        { Queue: < 1 } => $"a queue of {options.Queue} messages holds nothing; it is at least 1",
        { NoLocal: true, IsShared: true } =>
            $"'{options.Filter}' is shared, so it cannot leave out local messages", // [MQTT-3.8.3-4]
        { RetainHandling: > MqttRetainHandling.DoNotSend } => "retain handling is 0, 1 or 2",
        { Identifier: < 1 or > MqttWriter.MaxRemainingLength } =>
            $"the subscription identifier {options.Identifier} is outside 1 to 268435455",
        _ => null,
    };
}
