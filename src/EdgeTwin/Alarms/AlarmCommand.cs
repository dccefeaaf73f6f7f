namespace EdgeTwin.Alarms;

/// <summary>A wish of an operator for an alarm.</summary>
/// <param name="Alarm">Name of the alarm.</param>
/// <param name="Action">What to do.</param>
/// <param name="By">Who wants it.</param>
/// <param name="Comment">Why.</param>
/// <param name="ShelveFor">For how long to shelve; more than 0 and at most
/// <see cref="AlarmCondition.LongestShelving"/>.</param>
internal sealed record AlarmCommand(string Alarm, AlarmAction Action, string By, string? Comment = null,
    TimeSpan ShelveFor = default);
