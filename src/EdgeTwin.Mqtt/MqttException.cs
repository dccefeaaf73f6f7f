namespace EdgeTwin.Mqtt;

/// <summary>The one exception of this library for everything that the peer or the network does.</summary>
public sealed class MqttException : Exception
{
    /// <summary>A failure of the connection or of what the broker sent.</summary>
    /// <param name="error">What kind of failure.</param>
    /// <param name="message">What happened, for a person.</param>
    /// <param name="innerException">What the network or TLS said; null where the failure is the protocol's.</param>
    /// <param name="reason">The reason code that the broker gave, or that it is told; Success where there is
    /// none.</param>
    public MqttException(
        MqttError error, string message, Exception? innerException = null,
        MqttReasonCode reason = MqttReasonCode.Success)
        : base(message, innerException)
    {
        Error = error;
        Reason = reason;
    }

    /// <summary>What kind of failure.</summary>
    public MqttError Error { get; }

    /// <summary>The broker's code where it gave one (a refusal of MQTT 3.1.1 as the code of the same meaning); what
    /// the broker was told where it broke the protocol; otherwise Success.</summary>
    public MqttReasonCode Reason { get; }

    /// <summary>The server that the broker names instead of itself, with UseAnotherServer and ServerMoved.</summary>
    public string? ServerReference { get; init; }

    internal static MqttException Malformed(string what) =>
        new(MqttError.Malformed, $"the broker sent {what}", null, MqttReasonCode.MalformedPacket);

    internal static MqttException Violation(string what, MqttReasonCode reason = MqttReasonCode.ProtocolError) =>
        new(MqttError.ProtocolViolation, $"the broker sent {what}", null, reason);

    internal static MqttException NotSupported(MqttReasonCode reason) =>
        new(MqttError.NotSupported, reason.WithCode(), null, reason);
}
