using EdgeTwin.Journal.Codec;

namespace EdgeTwin.Journal;

/// <summary>
/// What an uplink has delivered: everything up to a position and some ranges beyond it. The uplink's pump sets it, the
/// journal's writer makes it durable, cut at what is committed.
/// </summary>
internal sealed class UplinkCursor
{
    private const int MostRanges = 1 << 16;

    private readonly Lock gate = new();
    private readonly List<(Position First, Position Last)> ahead = [];
    private readonly ByteWriter writer = new(256);
    private Position position;
    private bool changed;
    private byte[]? written;

    public Position Position
    {
        get
        {
            lock (gate) return position;
        }
    }

    public IReadOnlyList<(Position First, Position Last)> Ahead
    {
        get
        {
            lock (gate) return [.. ahead];
        }
    }

    /// <summary>What became of the samples. Whoever reads it owns the cursor.</summary>
    public DeliveryAccount Account { get; } = new();

    public void Set(Position delivered, IReadOnlyList<(Position First, Position Last)> beyond,
        DeliveryProgress? progress = null)
    {
        lock (gate)
        {
            if (progress != null) Account.Apply(progress);
            position = delivered;
            ahead.Clear();
            for (var i = 0; i < beyond.Count; i++) ahead.Add(beyond[i]);
            changed = true;
        }
    }

    /// <summary>The durable form, cut at what is committed; null when it is what was saved last.</summary>
    public byte[]? ToSave(Position committed)
    {
        lock (gate)
        {
            if (!changed) return null;
            writer.Clear();
            var cut = position <= committed ? position : committed;
            var kept = ahead.TakeWhile(range => range.First <= committed).ToArray();
            writer.Position(cut);
            writer.Varint((ulong)kept.Length);
            foreach (var (first, last) in kept)
            {
                writer.Position(first);
                writer.Position(last <= committed ? last : committed);
            }

            Account.Write(writer);
            writer.Seal();
            var bytes = writer.ToArray();
            return written is { } same && same.AsSpan().SequenceEqual(bytes) ? null : bytes;
        }
    }

    /// <summary>These bytes are durable; what was set since then is saved by a later commit.</summary>
    public void Saved(byte[] bytes) => written = bytes;

    /// <summary>Takes the durable form.</summary>
    /// <exception cref="DamagedDataException">These bytes are not a cursor.</exception>
    public void Load(ReadOnlySpan<byte> bytes)
    {
        var reader = ByteReader.Unseal(bytes);
        var cut = reader.Position();
        var ranges = new (Position, Position)[reader.Count(MostRanges)];
        for (var i = 0; i < ranges.Length; i++) ranges[i] = (reader.Position(), reader.Position());
        if (reader.Remaining > 0) Account.Read(ref reader); // earlier versions kept none
        Set(cut, ranges);
        changed = false;
        written = bytes.ToArray();
    }
}
