using EdgeTwin.Tags;

namespace EdgeTwin.Configuration;

/// <summary>What reading a tag list came to. With errors, the tags are those that could be read.</summary>
internal sealed record TagImport(IReadOnlyDictionary<string, TagConfig> Tags, IReadOnlyList<ConfigError> Errors);
