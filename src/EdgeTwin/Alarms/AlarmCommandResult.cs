namespace EdgeTwin.Alarms;

/// <summary>What became of an <see cref="AlarmCommand"/>.</summary>
/// <param name="State">The alarm's state afterwards; Normal where there is no such alarm.</param>
/// <param name="Refusal">Why nothing was done; null when it was.</param>
internal readonly record struct AlarmCommandResult(AlarmState State, string? Refusal)
{
    public bool IsDone => Refusal is null;
}
