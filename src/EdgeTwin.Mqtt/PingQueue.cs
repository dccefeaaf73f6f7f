namespace EdgeTwin.Mqtt;

/// <summary>
/// Pings without answer, in order: each PINGREQ has its PINGRESP [MQTT-3.12.4-1], and a broker answers the packets of a
/// connection in the order in which it took them. So an answered ping proves that the broker has taken everything that
/// was sent before it, which is the only proof there is for messages with QoS 0.
/// </summary>
internal sealed class PingQueue
{
    private readonly Queue<Ping> waiting = new();

    /// <summary>When the oldest ping was sent; null when none waits.</summary>
    public TimeSpan? OldestSent => waiting.TryPeek(out var oldest) ? oldest.Sent : null;

    public void Sent(IMqttPublishObserver? observer, long token, TimeSpan now) =>
        waiting.Enqueue(new Ping(observer, token, now));

    /// <summary>PINGRESP came; false when nothing had asked for it.</summary>
    public bool TryAnswer(out Ping answered) => waiting.TryDequeue(out answered);

    /// <summary>The connection is gone: none of them will be answered.</summary>
    public List<Ping> TakeLost()
    {
        var lost = waiting.ToList();
        waiting.Clear();
        return lost;
    }

    /// <param name="Observer">Whom to tell; null for a ping that only keeps the connection alive.</param>
    /// <param name="Token">What to tell it.</param>
    /// <param name="Sent">When.</param>
    internal readonly record struct Ping(IMqttPublishObserver? Observer, long Token, TimeSpan Sent);
}
