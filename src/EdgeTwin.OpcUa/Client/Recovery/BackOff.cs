namespace EdgeTwin.OpcUa.Client.Recovery;

/// <summary>Pauses between attempts: the first attempt is made at once, then the pauses double up to the longest,
/// spread so that many clients do not come together.</summary>
internal sealed class BackOff(TimeSpan first, TimeSpan longest, Func<double> jitter)
{
    // A quarter either way.
    private const double Spread = 0.5;

    private int attempts;

    /// <summary>The pause before the next attempt.</summary>
    public TimeSpan Next()
    {
        if (attempts++ == 0) return TimeSpan.Zero;
        var doubled = first * Math.Pow(2, Math.Min(attempts - 2, 30));
        var pause = doubled < longest ? doubled : longest;
        return pause * (1 - (Spread / 2) + (Spread * jitter()));
    }

    public void Reset() => attempts = 0;
}
