namespace EdgeTwin.Upstream;

/// <summary>An uplink over MQTT.</summary>
internal sealed record MqttUplinkConfig : BrokerUplinkConfig
{
    /// <summary>Topic; <c>{asset.path}</c>, <c>{gateway.id}</c> and <c>{tag}</c> are filled in. Without <c>{tag}</c>
    /// the samples of a scan share one message.</summary>
    public string Topic { get; init; } = "{asset.path}/{tag}";

    /// <summary>Whether the broker keeps the last message of each topic.</summary>
    public bool Retain { get; init; }

    /// <summary>Whether <c>online</c> and, as the last will, <c>offline</c> are kept under
    /// <c>{asset.path}/$gateway</c>.</summary>
    public bool Status { get; init; } = true;
}
