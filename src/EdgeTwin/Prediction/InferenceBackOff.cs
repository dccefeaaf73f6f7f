namespace EdgeTwin.Prediction;

/// <summary>When a model that failed is tried again: after 1 s, then twice as long each time, at most a
/// minute.</summary>
internal sealed class InferenceBackOff(TimeProvider time)
{
    private static readonly TimeSpan Shortest = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(1);

    private long failures;
    private long firstFailure;
    private long lastFailure;
    private TimeSpan wait;

    public bool MayTry => failures == 0 || time.GetElapsedTime(lastFailure) >= wait;

    /// <summary>True for the first failure of a row, the one to log.</summary>
    public bool Failed()
    {
        lastFailure = time.GetTimestamp();
        wait = failures == 0 ? Shortest : wait * 2 < Longest ? wait * 2 : Longest;
        if (failures++ > 0) return false;
        firstFailure = lastFailure;
        return true;
    }

    /// <summary>True when failures came before; how long it took and how many there were.</summary>
    public bool Succeeded(out TimeSpan since, out long count)
    {
        since = failures > 0 ? time.GetElapsedTime(firstFailure) : TimeSpan.Zero;
        count = failures;
        failures = 0;
        return count > 0;
    }
}
