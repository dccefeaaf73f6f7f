using EdgeTwin.Tags;

namespace EdgeTwin.Twin;

/// <summary>A list of samples that is filled and emptied again and again without allocating once it has its
/// size.</summary>
internal sealed class SampleBuffer
{
    private Sample[] items = new Sample[256];

    public int Count { get; private set; }

    public ReadOnlySpan<Sample> Samples => items.AsSpan(0, Count);

    public void Add(in Sample sample)
    {
        if (Count == items.Length) Array.Resize(ref items, items.Length * 2);
        items[Count++] = sample;
    }

    public void Clear()
    {
        items.AsSpan(0, Count).Clear();
        Count = 0;
    }
}
