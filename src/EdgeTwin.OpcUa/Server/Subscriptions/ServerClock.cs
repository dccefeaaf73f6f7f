namespace EdgeTwin.OpcUa.Server.Subscriptions;

/// <summary>Monotonic time in ticks of 100 ns for intervals, and UTC for what travels.</summary>
internal sealed class ServerClock(TimeProvider time)
{
    public TimeProvider Time { get; } = time;

    /// <summary>Monotonic ticks of 100 ns.</summary>
    public long Now => Time.GetElapsedTime(0, Time.GetTimestamp()).Ticks;

    public DateTime UtcNow => Time.GetUtcNow().UtcDateTime;
}
