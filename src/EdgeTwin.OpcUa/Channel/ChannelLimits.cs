namespace EdgeTwin.OpcUa.Channel;

/// <summary>What one connection may cost, and how long each of its steps may take. Announced to the peer, and
/// kept.</summary>
public sealed record ChannelLimits
{
    /// <summary>The smallest chunk buffer that a peer may ask for (OPC 10000-6 §7.1.2.3).</summary>
    public const int SmallestBuffer = 8192;

    /// <summary>Largest chunk that is received, in bytes; 8192 and up, default 65536.</summary>
    public int ReceiveBufferSize { get; init; } = 65536;

    /// <summary>Largest chunk that is sent, in bytes; 8192 and up, default 65536.</summary>
    public int SendBufferSize { get; init; } = 65536;

    /// <summary>Largest message that is received, and sent where the peer takes any, in bytes; default
    /// 16 MiB.</summary>
    public int MaxMessageSize { get; init; } = 16 * 1024 * 1024;

    /// <summary>Most chunks of a message; default 512.</summary>
    public int MaxChunkCount { get; init; } = 512;

    /// <summary>Largest OpenSecureChannel frame in bytes, the certificate chain included; default 32 KiB.</summary>
    public int MaxOpenSize { get; init; } = 32 * 1024;

    /// <summary>Bytes waiting to be sent from which on the connection is congested: nothing more is read from the peer,
    /// and the server publishes later; default 512 KiB.</summary>
    public int SendQueueMark { get; init; } = 512 * 1024;

    /// <summary>Bytes waiting to be sent at which the connection is given up, because its peer does not read; default
    /// 32 MiB.</summary>
    public int SendQueueLimit { get; init; } = 32 * 1024 * 1024;

    /// <summary>Time from the connection to a complete HEL; default 5 s.</summary>
    public TimeSpan HelloTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Time from HEL to a complete OPN; default 10 s.</summary>
    public TimeSpan OpenTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Time from the first byte of a frame to its last; default 10 s.</summary>
    public TimeSpan FrameTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Time from the first chunk of a message to its last; default 60 s.</summary>
    public TimeSpan MessageTimeout { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Time in which a peer must take the bytes of one chunk; default 30 s.</summary>
    public TimeSpan SendTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Time that a peer has to read the reason why it is being closed; default 2 s.</summary>
    public TimeSpan LingerTimeout { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>Shortest lifetime of a security token that a server grants; default 5 s.</summary>
    public TimeSpan MinTokenLifetime { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Longest lifetime of a security token that a server grants, and what a client asks for; default
    /// 1 h.</summary>
    public TimeSpan MaxTokenLifetime { get; init; } = TimeSpan.FromHours(1);
}
