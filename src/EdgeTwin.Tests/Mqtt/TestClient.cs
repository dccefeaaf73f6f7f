using EdgeTwin.Mqtt;
using EdgeTwin.Tests.Support;

namespace EdgeTwin.Tests.Mqtt;

/// <summary>A client for a scripted broker, and what its tests wait for.</summary>
internal static class TestClient
{
    public static MqttClient Create(
        int port, Func<MqttClientOptions, MqttClientOptions>? change = null, TimeProvider? clock = null)
    {
        var options =
            new MqttClientOptions { Host = "127.0.0.1", Port = port, ClientId = "c", MaxPacketSize = 64 * 1024 };
        return new MqttClient(change?.Invoke(options) ?? options, clock ?? TimeProvider.System);
    }

    /// <summary>Why the connection is lost, once it is.</summary>
    public static Task<MqttException> Loss(this MqttClient client)
    {
        var lost = new TaskCompletionSource<MqttException>(TaskCreationOptions.RunContinuationsAsynchronously);
        client.StateChanged += (_, change) =>
        {
            if (change.State is MqttConnectionState.Lost loss) lost.TrySetResult(loss.Reason);
        };
        return lost.Task;
    }

    /// <summary>Waits, in real time, until it is so.</summary>
    public static Task UntilAsync(Func<bool> condition) => new ManualTimeProvider().UntilAsync(condition);
}
