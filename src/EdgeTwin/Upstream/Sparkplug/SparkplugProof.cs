namespace EdgeTwin.Upstream.Sparkplug;

/// <summary>
/// Which messages of one connection are proven. Data goes with QoS 0, which nobody acknowledges, so a ping is sent
/// behind it: its answer proves that the broker has taken everything before it. One ping is under way at a time; what
/// is sent meanwhile waits for the next. Pure bookkeeping, guarded by its owner.
/// </summary>
internal sealed class SparkplugProof(int window)
{
    private readonly Queue<long> unproven = new(window);
    private int behindPing;
    private bool isHeld;

    /// <summary>A ping is due: something was sent and no ping is under way.</summary>
    public bool IsPingDue => behindPing == 0 && unproven.Count > 0;

    public void Sent(long token) => unproven.Enqueue(token);

    public void PingSent() => behindPing = unproven.Count;

    /// <summary>The ping is answered. Its messages are proven with <see cref="TryProve"/>.</summary>
    public void PingAnswered() => isHeld = true;

    /// <summary>Takes a proven message out; false when there is none.</summary>
    public bool TryProve(out long token)
    {
        token = 0;
        if (!isHeld) return false;
        if (behindPing == 0)
        {
            isHeld = false;
            return false;
        }
        behindPing--;
        token = unproven.Dequeue();
        return true;
    }
}
