using EdgeTwin.Tags;

namespace EdgeTwin.Sources;

/// <summary>A source that can also write; only the command pipeline calls it.</summary>
internal interface IWritableSource : ISource
{
    /// <summary>Writes one value in engineering units; the result says what the device answered.</summary>
    ValueTask<StatusCode> WriteAsync(TagId tag, TagValue value, CancellationToken cancellation);
}
