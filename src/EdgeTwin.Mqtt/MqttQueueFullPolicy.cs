namespace EdgeTwin.Mqtt;

/// <summary>What happens to a received message when the application does not read fast enough.</summary>
public enum MqttQueueFullPolicy
{
    /// <summary>Reading from the broker pauses until there is room; nothing is lost on this side. It pauses for all
    /// subscriptions of the client, and acknowledgements wait too.</summary>
    Wait,

    /// <summary>The oldest message in the queue is given up and counted.</summary>
    DropOldest,

    /// <summary>The new message is given up and counted.</summary>
    DropNewest,
}
