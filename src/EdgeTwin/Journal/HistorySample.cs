using EdgeTwin.Tags;

namespace EdgeTwin.Journal;

/// <summary>One sample of a tag's history.</summary>
internal readonly record struct HistorySample(
    DateTime SourceTime, TagValue Value, StatusCode Status, DateTime ReceiveTime, ClockState Clock);
