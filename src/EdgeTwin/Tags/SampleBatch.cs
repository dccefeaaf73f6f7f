using System.Collections.Concurrent;

namespace EdgeTwin.Tags;

/// <summary>
/// A reusable list of samples that crosses from one loop to another. Who rents it fills it and posts it; who receives
/// it returns it. Batches are pooled, so the data path allocates nothing in steady state.
/// </summary>
internal sealed class SampleBatch
{
    private const int MostKept = 256;
    private static readonly ConcurrentQueue<SampleBatch> Pool = new();

    private Sample[] items = new Sample[128];

    private SampleBatch()
    {
    }

    public int Count { get; private set; }

    /// <summary>Its samples tell of the past: they are to be kept, and change neither the live state nor what follows
    /// from it.</summary>
    public bool IsHistory { get; set; }

    public ReadOnlySpan<Sample> Samples => items.AsSpan(0, Count);

    public static SampleBatch Rent() => Pool.TryDequeue(out var batch) ? batch : new SampleBatch();

    public void Add(in Sample sample)
    {
        if (Count == items.Length) Array.Resize(ref items, items.Length * 2);
        items[Count++] = sample;
    }

    public void Clear()
    {
        items.AsSpan(0, Count).Clear();
        (Count, IsHistory) = (0, false);
    }

    /// <summary>Gives the batch back; the caller must not touch it afterwards.</summary>
    public void Return()
    {
        Clear();
        if (Pool.Count < MostKept) Pool.Enqueue(this);
    }
}
