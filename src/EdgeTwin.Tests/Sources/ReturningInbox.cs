using EdgeTwin.Tags;

namespace EdgeTwin.Tests.Sources;

/// <summary>Takes everything and keeps nothing.</summary>
internal sealed class ReturningInbox : ISampleInbox
{
    public ValueTask PostAsync(SampleBatch batch, CancellationToken cancellation)
    {
        batch.Return();
        return ValueTask.CompletedTask;
    }
}
