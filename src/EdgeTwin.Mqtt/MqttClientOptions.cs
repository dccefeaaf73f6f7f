namespace EdgeTwin.Mqtt;

/// <summary>Where to connect, as whom, and within which limits.</summary>
public sealed record MqttClientOptions
{
    /// <summary>Host name or address of the broker.</summary>
    public required string Host { get; init; }

    /// <summary>TCP port; by custom 1883 without and 8883 with TLS.</summary>
    public int Port { get; init; } = 1883;

    /// <summary>TLS; absence means an open connection.</summary>
    public MqttTlsOptions? Tls { get; init; }

    /// <summary>Client identifier, unique at the broker. May be empty only with a clean session.</summary>
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

    /// <summary>Longest silence, 0–65,535 whole seconds; 0 switches keep-alive off. A dead connection is found within
    /// 1.5 times this.</summary>
    public TimeSpan KeepAlive { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Time for TCP and TLS, and again for the broker's CONNACK.</summary>
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>A broker that lives but acknowledges nothing for this long, with messages outstanding, counts as
    /// dead.</summary>
    public TimeSpan AcknowledgeTimeout { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Messages that may be without acknowledgement at a time, 1–65,535.</summary>
    public int Window { get; init; } = 100;

    /// <summary>Largest packet in either direction, in bytes.</summary>
    public int MaxPacketSize { get; init; } = 1024 * 1024;

    /// <summary>Received messages that wait for the application.</summary>
    public int ReceiveQueue { get; init; } = 1024;

    /// <summary>What happens when that queue is full.</summary>
    public MqttQueueFullPolicy WhenFull { get; init; } = MqttQueueFullPolicy.Wait;

    /// <exception cref="ArgumentException">An option is outside its range.</exception>
    internal static void Validate(MqttClientOptions options)
    {
        if (Problem(options) is { } problem) throw new ArgumentException(problem, nameof(options));
    }

    private static string? Problem(MqttClientOptions options) => options switch
    {
        { Host.Length: 0 } => "a host is needed",
        { Window: < 1 or > ushort.MaxValue } => "the window is 1 to 65535 messages",
        { ReceiveQueue: < 1 } => "the receive queue holds at least one message",
        { MaxPacketSize: < 128 } => "the largest packet has at least 128 bytes",
        { KeepAlive.TotalSeconds: < 0 or > ushort.MaxValue } => "keep-alive is 0 to 65535 seconds",
        { ClientId.Length: 0, CleanSession: false } => "an empty client id needs a clean session", // [MQTT-3.1.3-7]
        { User: null, Password: not null } => "a password needs a user name", // [MQTT-3.1.2-22]
        _ => null,
    };
}
