using EdgeTwin.Tags;

namespace EdgeTwin.Sources;

/// <summary>One line of <see cref="SourceCatalog"/>: all that the gateway knows of a driver.</summary>
/// <param name="Name">The value of <c>driver</c> in the configuration.</param>
/// <param name="ConfigType">Its record, derived from <see cref="SourceConfig"/>.</param>
/// <param name="Create">Makes an unconnected source; does no I/O.</param>
/// <param name="CheckTag">Finds what is wrong with a tag of this source, as (key of the tag's record, message); does no
/// I/O.</param>
internal sealed record SourceDriver(
    string Name, Type ConfigType, Func<SourceContext, ISource> Create,
    Func<SourceConfig, TagConfig, IEnumerable<(string Key, string Message)>> CheckTag);
