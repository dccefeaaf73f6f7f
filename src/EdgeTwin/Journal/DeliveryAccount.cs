using EdgeTwin.Journal.Codec;

namespace EdgeTwin.Journal;

/// <summary>
/// What became of the samples on the way to one uplink, by epoch. It is saved with the uplink's cursor, so that it
/// counts each sample once, whatever was sent twice.
/// </summary>
/// <remarks>
/// <code>
/// account := count { epoch delivered filtered } count { after before } refused   behind the cursor's ranges; varints
/// refused := count { number of a hole }    those that the far side did not take; absent where there are none
/// </code>
/// </remarks>
internal sealed class DeliveryAccount
{
    private const int MostEpochs = 256;
    private const int MostHoles = 1024;
    private readonly SortedDictionary<long, (long Delivered, long Filtered)> epochs = [];
    private readonly List<Hole> holes = [];

    /// <summary>Samples proven delivered and left out, by epoch; 0 stands for all those too old to be listed.</summary>
    public IReadOnlyDictionary<long, (long Delivered, long Filtered)> Epochs => epochs;

    /// <summary>What was lost, the newest only.</summary>
    public IReadOnlyList<Hole> Holes => holes;

    public void Apply(DeliveryProgress progress)
    {
        foreach (var (epoch, delivered, filtered) in progress.Counts) Add(epoch, delivered, filtered);
        foreach (var hole in progress.Holes)
        {
            if (holes.Count == MostHoles) holes.RemoveAt(0);
            holes.Add(hole);
        }
    }

    public void Write(ByteWriter writer)
    {
        writer.Varint(epochs.Count);
        foreach (var (epoch, count) in epochs)
        {
            writer.Varint(epoch);
            writer.Varint(count.Delivered);
            writer.Varint(count.Filtered);
        }

        writer.Varint(holes.Count);
        foreach (var hole in holes)
        {
            writer.Position(hole.After);
            writer.Position(hole.Before);
        }

        var refused = Enumerable.Range(0, holes.Count).Where(number => holes[number].IsRefused).ToList();
        if (refused.Count == 0) return;
        writer.Varint(refused.Count);
        foreach (var number in refused) writer.Varint(number);
    }

    /// <summary>Takes the durable form.</summary>
    /// <exception cref="DamagedDataException">These bytes are not an account.</exception>
    public void Read(ref ByteReader reader)
    {
        epochs.Clear();
        holes.Clear();
        for (var left = reader.Count(MostEpochs + 1); left > 0; left--)
        {
            var epoch = (long)reader.Varint();
            epochs[epoch] = ((long)reader.Varint(), (long)reader.Varint());
        }

        for (var left = reader.Count(MostHoles); left > 0; left--)
            holes.Add(new Hole(reader.Position(), reader.Position()));
        if (reader.Remaining == 0) return;
        for (var left = reader.Count(MostHoles); left > 0; left--)
        {
            var number = reader.Varint();
            if (number >= (ulong)holes.Count) throw new DamagedDataException($"there is no hole {number}");
            holes[(int)number] = holes[(int)number] with { IsRefused = true };
        }
    }

    private void Add(long epoch, long delivered, long filtered)
    {
        var count = epochs.GetValueOrDefault(epoch);
        epochs[epoch] = (count.Delivered + delivered, count.Filtered + filtered);
        while (epochs.Count > MostEpochs)
        {
            var oldest = epochs.Keys.First(key => key != 0);
            var (old, left) = epochs[oldest];
            epochs.Remove(oldest);
            var earlier = epochs.GetValueOrDefault(0);
            epochs[0] = (earlier.Delivered + old, earlier.Filtered + left);
        }
    }
}
