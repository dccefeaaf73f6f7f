namespace EdgeTwin.Tags;

/// <summary>Which samples of a tag enter the journal and go upstream; the live twin sees all of them.</summary>
internal enum RecordPolicy
{
    /// <summary>By exception: those that differ from the last recorded one by more than the deadband, change status, or
    /// come after the tag's heartbeat has run out.</summary>
    Changes,

    /// <summary>Every sample that is read.</summary>
    All,
}
