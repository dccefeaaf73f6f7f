namespace EdgeTwin.OpcUa.Channel;

/// <summary>Time that only moves forward, for deadlines.</summary>
internal static class MonotonicTime
{
    /// <summary>Time since a moment that stays the same while the process runs.</summary>
    public static TimeSpan Monotonic(this TimeProvider time) => time.GetElapsedTime(0);
}
