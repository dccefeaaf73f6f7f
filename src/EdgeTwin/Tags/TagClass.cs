namespace EdgeTwin.Tags;

/// <summary>How much a tag matters when not everything can go at once.</summary>
internal enum TagClass
{
    /// <summary>Measured and computed values.</summary>
    Process,

    /// <summary>Alarm states and whatever else people must not miss: never thinned out, given up last.</summary>
    Alarm,

    /// <summary>Many values that are worth little each, such as waveforms: sent last, given up first.</summary>
    Bulk,
}
