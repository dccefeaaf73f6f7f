namespace EdgeTwin.Tags;

/// <summary>The bounded way into the twin's loop. When it is full the poster waits; the runner then skips and counts
/// scans.</summary>
internal interface ISampleInbox
{
    /// <summary>Hands a rented batch over; the receiver returns it to the pool.</summary>
    ValueTask PostAsync(SampleBatch batch, CancellationToken cancellation);
}
