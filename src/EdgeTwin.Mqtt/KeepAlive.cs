namespace EdgeTwin.Mqtt;

/// <summary>
/// Finds out whether the peer still lives. A ping goes out when nothing was sent, or nothing received, for three
/// quarters of the interval; the answer is due within half of it. So a dead peer is found after 1.25 intervals, even
/// while there is plenty to send.
/// </summary>
internal sealed class KeepAlive
{
    private TimeSpan interval;
    private TimeSpan lastSent;
    private TimeSpan lastReceived;
    private TimeSpan? pingSent;

    /// <summary>When the answer to a ping is due, or the next ping.</summary>
    public TimeSpan Next => pingSent is { } sent ? sent + interval / 2 : PingDue;

    public TimeSpan Patience => interval / 2;

    /// <summary>Whether silence means anything at all.</summary>
    public bool IsOn => interval >= TimeSpan.FromSeconds(1);

    private TimeSpan PingDue => (lastSent < lastReceived ? lastSent : lastReceived) + interval * 0.75;

    /// <summary>A connection begins, or the broker has ordered another interval.</summary>
    public void Start(TimeSpan keepAlive, TimeSpan now)
    {
        interval = keepAlive;
        lastSent = now;
        Received(now);
    }

    public void Sent(TimeSpan now) => lastSent = now;

    public void Received(TimeSpan now)
    {
        lastReceived = now;
        pingSent = null;
    }

    public bool ShouldPing(TimeSpan now) => pingSent is null && now >= PingDue;

    public void PingSent(TimeSpan now) => pingSent = lastSent = now;
}
