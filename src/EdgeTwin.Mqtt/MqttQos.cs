namespace EdgeTwin.Mqtt;

/// <summary>Quality of service of a message.</summary>
public enum MqttQos : byte
{
    /// <summary>Sent once; nobody knows whether it arrived.</summary>
    AtMostOnce = 0,

    /// <summary>Acknowledged by the broker with PUBACK; may arrive twice.</summary>
    AtLeastOnce = 1,

    /// <summary>Handed over in two steps (PUBREC, PUBREL, PUBCOMP); arrives exactly once within a session.</summary>
    ExactlyOnce = 2,
}
