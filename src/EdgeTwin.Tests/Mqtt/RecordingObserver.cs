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

    public List<(long Token, MqttReasonCode Reason)> Unwanted { get; } = [];

    public void Refused(long token, MqttException reason)
    {
        lock (Unwanted) Unwanted.Add((token, reason.Reason));
    }

    public void Lost(long token, MqttException reason)
    {
        lock (Gone) Gone.Add(token);
    }
}
