namespace EdgeTwin.OpcUa.Channel;

/// <summary>How many connections a server takes.</summary>
public sealed record ListenerOptions
{
    /// <summary>Most connections at a time, 1 and up; default 256. When all are taken, one that has not opened its
    /// channel
    /// is dropped for a new one, then one without a session; with sessions on all, the new one is told
    /// <c>BadTcpServerTooBusy</c>.</summary>
    public int MaxConnections { get; init; } = 256;

    /// <summary>Most connections at a time that have not opened their channel, 1 and up; default 64. When there are
    /// more,
    /// one that has not said HEL is dropped, the oldest first.</summary>
    public int MaxHalfOpen { get; init; } = 64;

    /// <summary>Bytes that all connections together may keep of incomplete messages; default 128 MiB.</summary>
    public long MaxIncompleteBytes { get; init; } = 128L * 1024 * 1024;

    /// <summary>What one connection may cost.</summary>
    public ChannelLimits Limits { get; init; } = new();
}
