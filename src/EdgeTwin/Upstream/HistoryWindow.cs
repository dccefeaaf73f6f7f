namespace EdgeTwin.Upstream;

/// <summary>
/// How many messages of a backlog may be under way while live ones share the connection. What stands in a queue
/// anywhere on the way delays them, so the window closes when proofs take much longer than the fastest one did, and
/// opens again while they do not: after the delay-based congestion control of TCP Vegas (Brakmo, Peterson 1995).
/// </summary>
/// <param name="most">Messages at most.</param>
internal sealed class HistoryWindow(int most)
{
    /// <summary>Of the fastest proof; a barrier behind several messages takes up to twice its time.</summary>
    private const int MostTimesFastest = 2;

    private static readonly TimeSpan Grain = TimeSpan.FromMilliseconds(0.25);

    private readonly double least = Math.Min(most, Math.Max(2, most / 10));
    private TimeSpan fastest = TimeSpan.MaxValue;
    private double limit = most;

    /// <summary>Messages that may be under way now, at least 1.</summary>
    public int Limit => (int)limit;

    /// <summary>A message was proven delivered so long after it was sent.</summary>
    public void Proven(TimeSpan took)
    {
        if (took < fastest) fastest = took;
        limit = Math.Clamp(limit + (took > fastest * MostTimesFastest + Grain ? -0.25 : 0.25), least, most);
    }

    /// <summary>A new connection may have another way.</summary>
    public void Reset()
    {
        fastest = TimeSpan.MaxValue;
        limit = most;
    }
}
