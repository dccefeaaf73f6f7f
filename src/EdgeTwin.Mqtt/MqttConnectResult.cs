namespace EdgeTwin.Mqtt;

/// <summary>What the broker said in CONNACK: whether it knows the session, and what it grants (MQTT 5.0 §3.2.2.3). With
/// MQTT 3.1.1 only the first; the rest has the defaults, which allow everything but topic aliases.</summary>
public sealed record MqttConnectResult
{
    /// <summary>The version of this connection.</summary>
    public MqttProtocolVersion Version { get; init; } = MqttProtocolVersion.V311;

    /// <summary>The broker still knows the session of this client id.</summary>
    public bool SessionPresent { get; init; }

    /// <summary>How long the broker keeps the session after a loss; null for what the client asked for.</summary>
    public TimeSpan? SessionExpiry { get; init; }

    /// <summary>Messages with QoS 1 and 2 that the broker takes without acknowledgement at a time.</summary>
    public int ReceiveMaximum { get; init; } = ushort.MaxValue;

    /// <summary>Highest quality of service that the broker takes.</summary>
    public MqttQos MaximumQos { get; init; } = MqttQos.ExactlyOnce;

    /// <summary>Whether the broker keeps messages.</summary>
    public bool RetainAvailable { get; init; } = true;

    /// <summary>Largest packet that the broker takes, in bytes; null for no limit.</summary>
    public uint? MaximumPacketSize { get; init; }

    /// <summary>The client id that the broker gave, where the client had none.</summary>
    public string? AssignedClientId { get; init; }

    /// <summary>Topic aliases that the broker keeps for this client; 0 for none.</summary>
    public int TopicAliasMaximum { get; init; }

    /// <summary>Keep-alive interval that the broker orders; null for what the client asked for.</summary>
    public TimeSpan? KeepAlive { get; init; }

    /// <summary>Whether subscriptions may have wildcards.</summary>
    public bool WildcardSubscriptionsAvailable { get; init; } = true;

    /// <summary>Whether subscriptions may have identifiers.</summary>
    public bool SubscriptionIdentifiersAvailable { get; init; } = true;

    /// <summary>Whether there are shared subscriptions.</summary>
    public bool SharedSubscriptionsAvailable { get; init; } = true;

    /// <summary>Where answers to requests should go, when the client asked for it; its form is the broker's.</summary>
    public string? ResponseInformation { get; init; }

    /// <summary>Pairs of strings from the broker.</summary>
    public IReadOnlyList<MqttUserProperty> UserProperties { get; init; } = [];
}
