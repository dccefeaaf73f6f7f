namespace EdgeTwin.Alarms;

/// <summary>How long a condition must hold, or be gone, before an alarm follows it.</summary>
internal readonly record struct AlarmTiming(TimeSpan OnDelay, TimeSpan OffDelay);
