namespace EdgeTwin.Upstream.Sparkplug;

/// <summary>
/// Which messages of one connection are proven. Data goes with QoS 0, which nobody acknowledges, so a ping is sent
/// behind it: its answer shows that the broker has taken everything before it. One ping is under way at a time; what
/// is sent meanwhile waits for the next. What is answered for settles for a while, because some brokers answer before
/// they have passed on what they took. Pure bookkeeping, guarded by its owner.
/// </summary>
internal sealed class SparkplugProof(int window, TimeSpan settle)
{
    private readonly Queue<long> unproven = new(window);
    private readonly Queue<(long Token, TimeSpan Due)> answered = new(window);
    private int behindPing;

    /// <summary>A ping is due: something was sent and no ping is under way.</summary>
    public bool IsPingDue => behindPing == 0 && unproven.Count > 0;

    /// <summary>When the first of those that were answered for has settled; null when there is none.</summary>
    public TimeSpan? Due => answered.TryPeek(out var first) ? first.Due : null;

    public void Sent(long token) => unproven.Enqueue(token);

    public void PingSent() => behindPing = unproven.Count;

    /// <summary>The ping is answered. Its messages are proven with <see cref="TryProve"/> when they have
    /// settled.</summary>
    public void PingAnswered(TimeSpan now)
    {
        for (; behindPing > 0; behindPing--) answered.Enqueue((unproven.Dequeue(), now + settle));
    }

    /// <summary>Takes a proven message out; false when there is none.</summary>
    public bool TryProve(TimeSpan now, out long token)
    {
        token = 0;
        if (!answered.TryPeek(out var first) || first.Due > now) return false;
        token = answered.Dequeue().Token;
        return true;
    }
}
