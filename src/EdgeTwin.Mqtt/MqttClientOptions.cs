namespace EdgeTwin.Mqtt;

/// <summary>Where to connect, as whom, and within which limits.</summary>
public sealed record MqttClientOptions
{
    /// <summary>Host name or address of the broker.</summary>
    public required string Host { get; init; }

    /// <summary>TCP port; by custom 1883 without and 8883 with TLS.</summary>
    public int Port { get; init; } = 1883;

    /// <summary>Version of the protocol. What is marked "MQTT 5.0" is left out with 3.1.1.</summary>
    public MqttProtocolVersion Version { get; init; } = MqttProtocolVersion.V311;

    /// <summary>TLS; absence means an open connection.</summary>
    public MqttTlsOptions? Tls { get; init; }

    /// <summary>WebSocket on top of TCP or TLS; absence means MQTT directly.</summary>
    public MqttWebSocketOptions? WebSocket { get; init; }

    /// <summary>Client identifier, unique at the broker. May be empty with MQTT 5.0, where the broker then gives one
    /// that stays for the life of the client, and with a clean session.</summary>
    public required string ClientId { get; init; }

    /// <summary>User name; absent for none.</summary>
    public string? User { get; init; }

    /// <summary>Password; absent for none. MQTT 3.1.1 allows it only beside a user name.</summary>
    public ReadOnlyMemory<byte>? Password { get; init; }

    /// <summary>Last will; absent for none.</summary>
    public MqttWill? Will { get; init; }

    /// <summary>
    /// True: each connection starts empty, and what was not acknowledged when one is lost is reported as lost. False:
    /// it is kept and sent again, marked DUP, on the next connection.
    /// </summary>
    public bool CleanSession { get; init; } = true;

    /// <summary>How long the broker keeps a session that is not clean after a loss, in whole seconds; absent for ever.
    /// MQTT 5.0.</summary>
    public TimeSpan? SessionExpiry { get; init; }

    /// <summary>Longest silence, 0–65,535 whole seconds; 0 switches keep-alive off. A dead connection is found within
    /// 1.5 times this.</summary>
    public TimeSpan KeepAlive { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Time for TCP, TLS and WebSocket, and again for the broker's CONNACK.</summary>
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>A broker that lives but acknowledges nothing for this long, with messages outstanding, counts as
    /// dead.</summary>
    public TimeSpan AcknowledgeTimeout { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Messages that may be without acknowledgement at a time, 1–65,535; the broker's receive maximum may
    /// lower it.</summary>
    public int Window { get; init; } = 100;

    /// <summary>Largest packet in either direction, in bytes; told to the broker, whose own limit may be lower for what
    /// is sent.</summary>
    public int MaxPacketSize { get; init; } = 1024 * 1024;

    /// <summary>Received messages with QoS 1 and 2 that the broker may send without acknowledgement at a time,
    /// 1–65,535. MQTT 5.0; with 3.1.1 it bounds messages with QoS 2 that are not yet released.</summary>
    public int ReceiveMaximum { get; init; } = 1024;

    /// <summary>Topics that the broker may replace by a number, 0–65,535. MQTT 5.0.</summary>
    public int TopicAliasMaximum { get; init; } = 64;

    /// <summary>Topics that this side replaces by a number, as far as the broker allows: the ones used last, 0–65,535.
    /// MQTT 5.0.</summary>
    public int OutgoingTopicAliases { get; init; } = 256;

    /// <summary>Ask the broker where answers to requests should go. MQTT 5.0.</summary>
    public bool RequestResponseInformation { get; init; }

    /// <summary>Pairs of strings for the broker. MQTT 5.0.</summary>
    public IReadOnlyList<MqttUserProperty> UserProperties { get; init; } = [];

    private bool IsV311 => Version < MqttProtocolVersion.V5;

    /// <exception cref="ArgumentException">An option is outside its range.</exception>
    internal static void Validate(MqttClientOptions options)
    {
        if (Problem(options) is { } problem) throw new ArgumentException(problem, nameof(options));
        if (options.Will is { } will) MqttMessageProperties.Validate(will.Properties);
    }

    private static string? Problem(MqttClientOptions options) => options switch
    {
        { Host.Length: 0 } => "a host is needed",
        { Version: not (MqttProtocolVersion.V311 or MqttProtocolVersion.V5) } =>
            $"protocol level {(int)options.Version} is not known; it is 4 (MQTT 3.1.1) or 5",
        { Window: < 1 or > ushort.MaxValue } => "the window is 1 to 65535 messages",
        { ReceiveMaximum: < 1 or > ushort.MaxValue } => "the receive maximum is 1 to 65535 messages",
        { TopicAliasMaximum: < 0 or > ushort.MaxValue } => "the topic alias maximum is 0 to 65535",
        { OutgoingTopicAliases: < 0 or > ushort.MaxValue } => "there are 0 to 65535 outgoing topic aliases",
        { MaxPacketSize: < 128 or > MqttWriter.MaxRemainingLength } => "the largest packet has 128 to 268435455 bytes",
        { KeepAlive.TotalSeconds: < 0 or > ushort.MaxValue } => "keep-alive is 0 to 65535 seconds",
        { SessionExpiry.TotalSeconds: < 0 or > uint.MaxValue } => "the session expiry is 0 to 4294967295 seconds",
        { Will.Delay.TotalSeconds: < 0 or > uint.MaxValue } => "the will delay is 0 to 4294967295 seconds",
        { Will.Payload.Length: > ushort.MaxValue } => "the payload of a will has at most 65535 bytes",
        { ClientId.Length: 0, CleanSession: false, IsV311: true } =>
            "an empty client id needs a clean session", // 3.1.1: [MQTT-3.1.3-7]
        { User: null, Password: not null, IsV311: true } =>
            "a password needs a user name", // 3.1.1: [MQTT-3.1.2-22]
        _ => null,
    };
}
