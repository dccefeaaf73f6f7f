namespace EdgeTwin.Tags;

/// <summary>
/// One observation of one tag. It travels unchanged from the driver to the journal, the uplinks and the models.
/// </summary>
/// <param name="Tag">Which tag.</param>
/// <param name="Value">The value in engineering units, of the tag's data type; none when the sample is bad from the
/// start.</param>
/// <param name="Status">Quality.</param>
/// <param name="SourceTime">When the value was true, UTC, as the device says; the receive time where the device has no
/// clock.</param>
/// <param name="ReceiveTime">When the gateway got it, UTC.</param>
/// <param name="Clock">State of the gateway's clock at <paramref name="ReceiveTime"/>.</param>
internal readonly record struct Sample(
    TagId Tag, TagValue Value, StatusCode Status, DateTime SourceTime, DateTime ReceiveTime, ClockState Clock);
