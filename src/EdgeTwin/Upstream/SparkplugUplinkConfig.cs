namespace EdgeTwin.Upstream;

/// <summary>An uplink as a Sparkplug B 3.0 edge node.</summary>
internal sealed record SparkplugUplinkConfig : BrokerUplinkConfig
{
    /// <summary>Sparkplug group; with the edge node's id unique at the broker. No <c>+</c>, <c>#</c> or
    /// <c>/</c>.</summary>
    public required string Group { get; init; }

    /// <summary>Edge node id; the gateway's id when absent.</summary>
    public string? Node { get; init; }

    /// <summary>Device id of the asset; its name, which is the last part of its path, when absent.</summary>
    public string? Device { get; init; }

    /// <summary>Host application without which nothing is sent: while its STATE is offline, samples wait in the
    /// journal. Absent to send always.</summary>
    public string? PrimaryHost { get; init; }

    /// <summary>The asset and each of its components is one metric, an instance of a template of its <c>type</c> with
    /// the tags as members, as hosts with user-defined types have it. False: each tag is a metric.</summary>
    public bool Templates { get; init; }

    /// <summary>How long the broker must live on after it has answered a ping, until what it took before that counts as
    /// delivered, 0 to 60 s. RabbitMQ and NATS answer before they have passed everything on.</summary>
    public TimeSpan Settle { get; init; } = TimeSpan.FromSeconds(0.5);

    /// <summary>A command that says when it was sent is refused when that is longer ago than this.</summary>
    public TimeSpan CommandAge { get; init; } = TimeSpan.FromSeconds(60);
}
