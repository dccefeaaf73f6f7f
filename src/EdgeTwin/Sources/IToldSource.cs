using EdgeTwin.Tags;

namespace EdgeTwin.Sources;

/// <summary>
/// A source that is told of changes and whose protocol keeps what happens while the connection is away, so that it
/// takes its connection up again by itself: a new driver object would lose what the far side has kept. Its
/// <see cref="ISource.ReadAsync"/> goes on through an outage; the runner learns of it from <see cref="Losing"/>, and of
/// its end from the next batch. When the far side has forgotten the connection for good, it throws as every other
/// source.
/// </summary>
internal interface IToldSource : ISource
{
    /// <summary>Called by the driver at the beginning of an outage, once: marks the tags, logs and counts.</summary>
    Func<Exception, CancellationToken, ValueTask>? Losing { get; set; }

    /// <summary>Asks for one tag to be read back while the read goes on; the answer arrives as an ordinary sample.
    /// False when that is not possible now. From any thread.</summary>
    bool TryProbe(TagId tag);
}
