using EdgeTwin.Tags;

namespace EdgeTwin.Commands;

/// <summary>What somebody wants written.</summary>
/// <param name="Tag">Which tag.</param>
/// <param name="Value">The value in engineering units, of the tag's data type.</param>
/// <param name="Origin">Which face it came in by, such as <c>opcua</c>.</param>
/// <param name="Principal">Who wants it, as that face knows them.</param>
/// <param name="RequestedAt">When it came in, UTC.</param>
internal sealed record CommandRequest(TagId Tag, TagValue Value, string Origin, string Principal, DateTime RequestedAt);
