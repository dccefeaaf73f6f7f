namespace EdgeTwin.Mqtt;

/// <summary>The one exception of this library for everything that the peer or the network does.</summary>
public sealed class MqttException : Exception
{
    /// <summary>A failure of the connection or of what the broker sent.</summary>
    /// <param name="error">What kind of failure.</param>
    /// <param name="message">What happened, for a person.</param>
    /// <param name="innerException">What the network or TLS said; null where the failure is the protocol's.</param>
    /// <param name="returnCode">The code of CONNACK or SUBACK; 0 where the broker gave none.</param>
    public MqttException(MqttError error, string message, Exception? innerException = null, byte returnCode = 0)
        : base(message, innerException)
    {
        Error = error;
        ReturnCode = returnCode;
    }

    /// <summary>What kind of failure.</summary>
    public MqttError Error { get; }

    /// <summary>The code of CONNACK (1–5) or SUBACK (0x80) where the broker gave one; otherwise 0.</summary>
    public byte ReturnCode { get; }

    internal static MqttException Malformed(string what) => new(MqttError.Malformed, $"the broker sent {what}");

    internal static MqttException Violation(string what) => new(MqttError.ProtocolViolation, $"the broker sent {what}");
}
