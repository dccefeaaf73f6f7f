namespace EdgeTwin.Mqtt;

/// <summary>What <see cref="MqttClient.StateChanged"/> tells.</summary>
public sealed class MqttStateChangedEventArgs(MqttConnectionState state) : EventArgs
{
    /// <summary>The state that begins now.</summary>
    public MqttConnectionState State { get; } = state;
}
