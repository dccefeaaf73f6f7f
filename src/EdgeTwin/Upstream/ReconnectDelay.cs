namespace EdgeTwin.Upstream;

/// <summary>
/// How long to wait before the next attempt to connect: doubling from half a second to half a minute, each between half
/// of it and all of it by chance, so that many gateways do not come back to a restarted broker at one moment.
/// </summary>
internal sealed class ReconnectDelay(Random random)
{
    private static readonly TimeSpan First = TimeSpan.FromSeconds(0.5);
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(30);
    private TimeSpan next = First;

    public TimeSpan Next()
    {
        var delay = next * (0.5 + random.NextDouble() / 2);
        next = next * 2 < Longest ? next * 2 : Longest;
        return delay;
    }

    /// <summary>The connection has proved itself.</summary>
    public void Reset() => next = First;
}
