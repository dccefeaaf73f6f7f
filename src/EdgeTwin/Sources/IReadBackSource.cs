using EdgeTwin.Tags;

namespace EdgeTwin.Sources;

/// <summary>A source that can read one tag on request, outside its schedule, to tell quiet from dead.</summary>
internal interface IReadBackSource : ISource
{
    ValueTask<Sample> ReadBackAsync(TagId tag, CancellationToken cancellation);
}
