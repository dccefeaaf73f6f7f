namespace EdgeTwin.Tags;

/// <summary>What is known of the clock that stamped a sample, so that a time is never more trusted than it
/// deserves.</summary>
internal enum ClockState : byte
{
    /// <summary>The kernel says that the clock is not synchronised (no NTP yet, or a board without a clock
    /// battery).</summary>
    Unsynchronised = 0,
    Synchronised = 1,
}
