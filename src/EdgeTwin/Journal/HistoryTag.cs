using EdgeTwin.Tags;

namespace EdgeTwin.Journal;

/// <summary>A tag that the journal knows.</summary>
internal sealed record HistoryTag(string Name, TagDataType Type);
