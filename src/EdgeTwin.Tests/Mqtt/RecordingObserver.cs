using EdgeTwin.Mqtt;

namespace EdgeTwin.Tests.Mqtt;

internal sealed class RecordingObserver : IMqttPublishObserver
{
    public List<long> Acked { get; } = [];

    public List<long> Gone { get; } = [];

    public void Acknowledged(long token)
    {
        lock (Acked) Acked.Add(token);
    }

    public void Lost(long token, MqttException reason)
    {
        lock (Gone) Gone.Add(token);
    }
}
