using EdgeTwin.Sources;
using EdgeTwin.Tags;
using EdgeTwin.Tests.Support;
using Microsoft.Extensions.Logging;

namespace EdgeTwin.Tests.Sources;

/// <summary>Makes contexts for drivers under test.</summary>
internal static class SourceContexts
{
    /// <summary>A context whose tags are named t0, t1 …</summary>
    public static SourceContext Make(
        SourceConfig config, IReadOnlyList<TagConfig> tags, TimeProvider time, ILogger? logger = null,
        string baseFolder = ".")
    {
        var table = new TagTable();
        var sourceTags = new List<SourceTag>();
        foreach (var tag in tags)
        {
            var definition = table.Add(id => new TagDefinition
            {
                Id = id,
                Name = $"t{id.Index}",
                Type = tag.Scale is null && tag.Offset is null ? tag.Type : TagDataType.Float64,
                Origin = new TagOrigin.Source("plc", tag.Address),
            });
            sourceTags.Add(new SourceTag(definition, tag));
        }

        return new SourceContext(
            "plc", config, sourceTags, time, () => ClockState.Synchronised, logger
            ?? new CollectingLogger(), baseFolder);
    }

    public static TagConfig Tag(string address, TagDataType type = TagDataType.Float64) =>
        new() { Source = "plc", Address = address, Type = type };
}
