namespace EdgeTwin.OpcUa.Channel;

/// <summary>Bytes that all connections together may keep of messages that are not complete: what one may use alone,
/// hundreds may not use at once.</summary>
internal sealed class MemoryBudget(long limit)
{
    private long used;

    public long Used => Interlocked.Read(ref used);

    public bool TryTake(int bytes)
    {
        if (Interlocked.Add(ref used, bytes) <= limit) return true;
        Interlocked.Add(ref used, -bytes);
        return false;
    }

    public void Return(int bytes) => Interlocked.Add(ref used, -bytes);
}
