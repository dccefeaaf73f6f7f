namespace EdgeTwin.Sources;

/// <summary>
/// Scans at a fixed rate: number n is due at start + n × period, however long the others took. What is overrun is
/// skipped, never bunched.
/// </summary>
internal struct ScanSchedule(TimeSpan start, TimeSpan period)
{
    private long index;

    /// <summary>When the next scan is due; the first at once.</summary>
    public readonly TimeSpan Due => start + TimeSpan.FromTicks(period.Ticks * index);

    /// <summary>Goes to the first scan after the one just done that is not over yet; returns how many it left
    /// out.</summary>
    public long MoveOn(TimeSpan now)
    {
        var sinceStart = (now - start).Ticks;
        var notPassed = (sinceStart + period.Ticks - 1) / period.Ticks;
        var next = Math.Max(index + 1, notPassed);
        var skipped = next - (index + 1);
        index = next;
        return skipped;
    }
}
