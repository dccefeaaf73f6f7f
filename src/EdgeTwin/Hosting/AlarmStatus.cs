namespace EdgeTwin.Hosting;

/// <summary>An alarm as people read it.</summary>
internal sealed record AlarmStatus(string Name, string State, int Severity, string Message, DateTime Since);
