namespace EdgeTwin.Alarms;

/// <summary>One alarm as it is at a moment.</summary>
/// <param name="Name">Its name in the configuration.</param>
/// <param name="State">What the operator sees.</param>
/// <param name="IsActive">The alarm is on, also while it is shelved or suppressed.</param>
/// <param name="Severity">1 to 1000.</param>
/// <param name="Message">The message with the values of now.</param>
/// <param name="Since">When the state began, UTC; the default when it never changed.</param>
/// <param name="PendingSince">Since when a delay runs, UTC.</param>
/// <param name="ShelvedUntil">When shelving ends, UTC.</param>
internal sealed record AlarmSnapshot(
    string Name, AlarmState State, bool IsActive, int Severity, string Message, DateTime Since, DateTime? PendingSince,
    DateTime? ShelvedUntil);
