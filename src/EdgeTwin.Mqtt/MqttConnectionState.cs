namespace EdgeTwin.Mqtt;

/// <summary>A change of the connection's state.</summary>
public abstract record MqttConnectionState
{
    private MqttConnectionState()
    {
    }

    /// <summary>The broker accepted the connection.</summary>
    /// <param name="Result">What it grants, and whether it still knows the session.</param>
    public sealed record Connected(MqttConnectResult Result) : MqttConnectionState;

    /// <summary>The connection is gone.</summary>
    /// <param name="Reason">Why; <see cref="MqttError.Disconnected"/> when this side ended it.</param>
    public sealed record Lost(MqttException Reason) : MqttConnectionState;
}
