namespace EdgeTwin.Upstream;

/// <summary>How many samples of a backlog may go now: a bucket that fills with the rate and holds a tenth of a
/// second.</summary>
internal sealed class DrainRate
{
    private readonly TimeProvider time;
    private readonly double perSecond;
    private readonly double most;
    private double tokens;
    private long filled;

    /// <param name="perSecond">Samples per second; null for no limit.</param>
    /// <param name="atLeast">Samples that the bucket holds at least, so that a batch comes together.</param>
    /// <param name="time">Clock.</param>
    public DrainRate(int? perSecond, int atLeast, TimeProvider time)
    {
        this.time = time;
        this.perSecond = perSecond ?? double.PositiveInfinity;
        most = Math.Max(atLeast, this.perSecond / 10);
        filled = time.GetTimestamp();
    }

    /// <summary>Samples that may go now.</summary>
    public int Available()
    {
        if (double.IsInfinity(perSecond)) return int.MaxValue;
        var now = time.GetTimestamp();
        tokens = Math.Min(most, tokens + time.GetElapsedTime(filled, now).TotalSeconds * perSecond);
        filled = now;
        return (int)tokens;
    }

    public void Take(int samples) => tokens -= double.IsInfinity(perSecond) ? 0 : samples;

    /// <summary>Until so many may go.</summary>
    public TimeSpan Until(int samples) =>
        TimeSpan.FromSeconds(Math.Max(0.001, (Math.Min(samples, most) - tokens) / perSecond));
}
