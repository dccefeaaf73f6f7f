namespace EdgeTwin.Upstream;

/// <summary>What an uplink wants of one tag.</summary>
/// <param name="Goes">It goes at all.</param>
/// <param name="Deadband">Smallest change that goes, in the tag's unit.</param>
/// <param name="Interval">Least time between two samples, in ticks.</param>
/// <param name="Heartbeat">A sample goes after so many ticks even when it has not changed.</param>
/// <param name="IsUrgent">A sample does not wait for others to share its message.</param>
internal sealed record TagRule(bool Goes, double Deadband, long Interval, long Heartbeat, bool IsUrgent)
{
    /// <summary>Every sample goes.</summary>
    public bool IsOpen => Goes && Deadband == 0 && Interval == 0;
}
