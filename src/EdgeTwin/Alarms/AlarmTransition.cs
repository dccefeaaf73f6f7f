namespace EdgeTwin.Alarms;

/// <summary>An alarm went from one state to another.</summary>
/// <param name="Alarm">Its name in the configuration.</param>
/// <param name="From">State before.</param>
/// <param name="To">State after.</param>
/// <param name="Time">When, UTC.</param>
/// <param name="Severity">1 to 1000.</param>
/// <param name="Message">The alarm's message with the values of that moment.</param>
/// <param name="By">Who did it; null when the process did.</param>
/// <param name="Comment">What they had to say.</param>
internal sealed record AlarmTransition(
    string Alarm, AlarmState From, AlarmState To, DateTime Time, int Severity, string Message, string? By = null,
    string? Comment = null);
