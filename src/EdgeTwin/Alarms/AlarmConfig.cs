using System.ComponentModel.DataAnnotations;

namespace EdgeTwin.Alarms;

/// <summary>An alarm in the sense of ISA-18.2.</summary>
internal sealed record AlarmConfig
{
    /// <summary>Condition: a Boolean expression over tags, their quality, their liveness and model outputs.</summary>
    public required string When { get; init; }

    /// <summary>The condition must hold this long before the alarm becomes active.</summary>
    public TimeSpan OnDelay { get; init; }

    /// <summary>The condition must be gone this long before the alarm clears.</summary>
    public TimeSpan OffDelay { get; init; }

    /// <summary>Hysteresis in the unit of the compared tag: once active, the condition must be missed by this much to
    /// clear.</summary>
    [Range(0, double.MaxValue)]
    public double Hysteresis { get; init; }

    /// <summary>Urgency from 1 (low) to 1000 (highest), as OPC 10000-5 has it.</summary>
    [Range(1, 1000)]
    public int Severity { get; init; } = 500;

    /// <summary>What the operator reads.</summary>
    public required string Message { get; init; }

    /// <summary>Condition under which the alarm is suppressed by design, such as <c>not running</c>.</summary>
    public string? SuppressWhen { get; init; }
}
