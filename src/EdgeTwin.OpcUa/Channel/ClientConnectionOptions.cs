using EdgeTwin.OpcUa.Encoding;

namespace EdgeTwin.OpcUa.Channel;

/// <summary>What a client's connection may cost and how long it tries.</summary>
public sealed record ClientConnectionOptions
{
    /// <summary>Time from dialling to the open channel; default 15 s.</summary>
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>Most requests without an answer, 1 to 4096; further ones wait. Default 256.</summary>
    public int Outstanding { get; init; } = 256;

    /// <summary>Whether what awaits an answer runs on the receive loop itself: faster by a thread hop, but what it does
    /// holds up all other answers. Default false.</summary>
    public bool InlineContinuations { get; init; }

    /// <summary>Limits of the connection.</summary>
    public ChannelLimits Limits { get; init; } = new();

    /// <summary>Limits of what is decoded.</summary>
    public EncodingLimits Encoding { get; init; } = EncodingLimits.Default;
}
