using EdgeTwin.Sources;
using EdgeTwin.Tags;

namespace EdgeTwin.Tests.Sources;

/// <summary>Keeps what a source posts, and can be full.</summary>
internal sealed class RecordingInbox : ISampleInbox
{
    private readonly Lock gate = new();
    private readonly List<Sample[]> batches = [];
    private TaskCompletionSource room = Ready();

    /// <summary>Runs on each post, before the batch is kept.</summary>
    public Action<SampleBatch>? OnPost { get; set; }

    public IReadOnlyList<Sample[]> Batches
    {
        get
        {
            lock (gate) return [.. batches];
        }
    }

    public IReadOnlyList<Sample> Samples => [.. Batches.SelectMany(batch => batch)];

    /// <summary>From now on a post waits until <see cref="Drain"/>.</summary>
    public void Fill() => room = new TaskCompletionSource();

    public void Drain() => room.TrySetResult();

    public async ValueTask PostAsync(SampleBatch batch, CancellationToken cancellation)
    {
        OnPost?.Invoke(batch);
        await room.Task.WaitAsync(cancellation);
        lock (gate) batches.Add(batch.Samples.ToArray());
        batch.Return();
    }

    private static TaskCompletionSource Ready()
    {
        var ready = new TaskCompletionSource();
        ready.SetResult();
        return ready;
    }
}
