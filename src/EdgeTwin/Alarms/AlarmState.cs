namespace EdgeTwin.Alarms;

/// <summary>
/// State of an alarm in the sense of ISA-18.2, as the operator sees it. The numbers are the value of the tag
/// <c>alarm.name</c>; they are journaled and published, and never change.
/// </summary>
internal enum AlarmState
{
    /// <summary>State A: nothing to see.</summary>
    Normal = 0,

    /// <summary>State B: the condition holds and nobody has said that they know.</summary>
    ActiveUnacknowledged = 1,

    /// <summary>State C: the condition holds and somebody knows.</summary>
    ActiveAcknowledged = 2,

    /// <summary>State D: the condition is gone, but nobody had said that they knew (returned to normal,
    /// unacknowledged).</summary>
    ClearedUnacknowledged = 3,

    /// <summary>State G: taken off the operator's list for a limited time.</summary>
    Shelved = 4,

    /// <summary>State H: not meaningful at present, as <c>suppressWhen</c> or a command says.</summary>
    SuppressedByDesign = 5,
}
