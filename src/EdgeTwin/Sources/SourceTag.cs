using EdgeTwin.Tags;

namespace EdgeTwin.Sources;

/// <summary>A tag as a driver sees it: what it is, and what the user wrote about how to read it.</summary>
internal sealed record SourceTag(TagDefinition Definition, TagConfig Config);
