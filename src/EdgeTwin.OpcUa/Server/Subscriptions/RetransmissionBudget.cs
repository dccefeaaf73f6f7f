namespace EdgeTwin.OpcUa.Server.Subscriptions;

/// <summary>Bytes that all subscriptions together keep for Republish.</summary>
internal sealed class RetransmissionBudget(long limit)
{
    private long used;

    public bool IsExceeded => Interlocked.Read(ref used) > limit;

    public void Take(int bytes) => Interlocked.Add(ref used, bytes);

    public void Return(int bytes) => Interlocked.Add(ref used, -bytes);
}
