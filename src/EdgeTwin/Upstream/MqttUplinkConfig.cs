using EdgeTwin.Upstream.Mqtt;

namespace EdgeTwin.Upstream;

/// <summary>An uplink over MQTT.</summary>
internal sealed record MqttUplinkConfig : BrokerUplinkConfig
{
    /// <summary>Topic; <c>{asset.path}</c>, <c>{gateway.id}</c> and <c>{tag}</c> are filled in. Without <c>{tag}</c>
    /// the samples of a scan share one message.</summary>
    public string Topic { get; init; } = "{asset.path}/{tag}";

    /// <summary>What a message holds.</summary>
    public PayloadForm Format { get; init; }

    /// <summary>The message of a sample where a house style wants its own, such as
    /// <c>{"v":{value},"t":"{time}"}</c>. Filled in are <c>{value}</c> as JSON has it, and within quotes <c>{time}</c>,
    /// <c>{received}</c>, <c>{tag}</c>, <c>{unit}</c>, <c>{quality}</c>, <c>{status}</c>, <c>{epoch}</c>, <c>{seq}</c>,
    /// <c>{asset.path}</c>, <c>{gateway.id}</c> and, in ms since 1970, <c>{unix}</c>.</summary>
    public string? Payload { get; init; }

    /// <summary>Whether the broker keeps the last message of each topic.</summary>
    public bool Retain { get; init; }

    /// <summary>Topic on which JSON commands are taken, such as <c>{asset.path}/$command</c>; none are when
    /// absent.</summary>
    public string? Commands { get; init; }

    /// <summary>A command that was sent longer ago is refused.</summary>
    public TimeSpan CommandAge { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Whether <c>online</c> and, as the last will, <c>offline</c> are kept under
    /// <c>{asset.path}/$gateway</c>.</summary>
    public bool Status { get; init; } = true;
}
