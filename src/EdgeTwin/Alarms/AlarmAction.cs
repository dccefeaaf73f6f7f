namespace EdgeTwin.Alarms;

/// <summary>What an operator can do to an alarm.</summary>
internal enum AlarmAction
{
    Acknowledge,

    /// <summary>Takes it off the list until a time runs out.</summary>
    Shelve,
    Unshelve,

    /// <summary>Suppresses it until further notice, beside what <c>suppressWhen</c> says.</summary>
    Suppress,
    Unsuppress,
}
