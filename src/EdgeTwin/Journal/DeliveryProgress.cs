namespace EdgeTwin.Journal;

/// <summary>What became of samples since an uplink last told the journal. Owned by the uplink's pump, used again and
/// again.</summary>
internal sealed class DeliveryProgress
{
    private readonly List<(long Epoch, long Delivered, long Filtered)> counts = [];
    private readonly List<Hole> holes = [];

    public IReadOnlyList<(long Epoch, long Delivered, long Filtered)> Counts => counts;

    /// <summary>Places that were found to hold nothing any more.</summary>
    public IReadOnlyList<Hole> Holes => holes;

    /// <summary>So many samples of an epoch are proven delivered, so many left out by the filter.</summary>
    public void Add(long epoch, long delivered, long filtered)
    {
        if (counts.Count > 0 && counts[^1].Epoch == epoch)
            counts[^1] = (epoch, counts[^1].Delivered + delivered, counts[^1].Filtered + filtered);
        else counts.Add((epoch, delivered, filtered));
    }

    public void Add(Hole hole) => holes.Add(hole);

    public void Clear()
    {
        counts.Clear();
        holes.Clear();
    }
}
