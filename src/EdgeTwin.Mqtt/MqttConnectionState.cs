namespace EdgeTwin.Mqtt;

/// <summary>A change of the connection's state.</summary>
public abstract record MqttConnectionState
{
    private MqttConnectionState()
    {
    }

    /// <summary>The broker accepted the connection.</summary>
    /// <param name="SessionPresent">It still knows the session of this client id.</param>
    public sealed record Connected(bool SessionPresent) : MqttConnectionState;

    /// <summary>The connection is gone.</summary>
    /// <param name="Reason">Why; <see cref="MqttError.Disconnected"/> when this side ended it.</param>
    public sealed record Lost(MqttException Reason) : MqttConnectionState;
}
