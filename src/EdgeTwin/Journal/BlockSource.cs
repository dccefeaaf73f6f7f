using EdgeTwin.Journal.Codec;
using EdgeTwin.Tags;

namespace EdgeTwin.Journal;

/// <summary>Committed blocks in order, as an uplink reads them; keeps the block that it read last. One thread at a
/// time.</summary>
internal sealed class BlockSource(string path, JournalTags tags) : IDisposable
{
    private readonly BlockDecoder decoder = new(tags);
    private Sample[]? samples;
    private BlockHeader current;
    private SqliteSession? session;
    private int generation = -1;

    /// <summary>
    /// Copies samples that follow a position from the block that holds them, or from the next one that exists. A count
    /// of 0 says that there is no later block. A block that is damaged is named in <paramref name="damaged"/>; nothing
    /// is copied then, and the caller goes on behind it.
    /// </summary>
    public (Position First, int Count) Read(Position after, Span<Sample> into, int fileGeneration,
        out DamagedBlock? damaged)
    {
        damaged = null;
        if (!Holds(after) && !Load(after, fileGeneration, out damaged)) return (default, 0);
        var skip = after.Epoch == current.First.Epoch ? (int)Math.Max(0, after.Sequence - current.First.Sequence + 1)
            : 0;
        var count = Math.Min(into.Length, current.Count - skip);
        samples.AsSpan(skip, count).CopyTo(into);
        return (current.First with { Sequence = current.First.Sequence + skip }, count);
    }

    /// <summary>The last place before a sample of a wanted tag in the block that follows a position, or the end of that
    /// block; the position itself when there is no such block. Decodes the tags alone.</summary>
    /// <exception cref="DamagedDataException">The block is damaged.</exception>
    public Position Skip(Position after, Func<TagId, bool> isWanted, int fileGeneration)
    {
        if (Find(after, fileGeneration) is not { } row) return after;
        var first = JournalSchema.PositionOf(row.Key);
        if (first.Epoch != after.Epoch || first.Sequence > after.Sequence + 1) return after;
        var ids = decoder.DecodeTags(row.Data);
        var at = after.Sequence + 1 - first.Sequence;
        while (at < ids.Length && !isWanted(tags.TagOf(ids[(int)at]))) at++;
        return first with { Sequence = first.Sequence + at - 1 };
    }

    /// <summary>Which rule took the samples of a hole; null when that is not known.</summary>
    public string? RuleOf(Hole hole, int fileGeneration) => LossTable.RuleOf(Session(fileGeneration), hole);

    public void Dispose() => session?.Dispose();

    private bool Holds(Position after) =>
        current.Count > 0 && after.Epoch == current.First.Epoch
        && after.Sequence + 1 >= current.First.Sequence && after.Sequence < current.Last.Sequence;

    private bool Load(Position after, int fileGeneration, out DamagedBlock? damaged)
    {
        damaged = null;
        if (Find(after, fileGeneration) is not { } row) return false;
        try
        {
            samples ??= new Sample[BlockEncoder.MostSamples];
            current = default;
            var header = decoder.Decode(row.Data, samples);
            if (JournalSchema.BlockKey(header.First) != row.Key || header.Count == 0)
                throw new DamagedDataException("block is stored under another position");
            current = header;
            return true;
        }
        catch (DamagedDataException exception)
        {
            var first = JournalSchema.PositionOf(row.Key);
            damaged = new DamagedBlock(row.Key, first with
            {
                Sequence = first.Sequence
                + Math.Clamp(row.Samples, 1, BlockEncoder.MostSamples) - 1
            }, exception.Message);
            return false;
        }
    }

    // The block with the greatest key at or below the wanted position holds it, unless it ends before; then the next
    // one.
    private (long Key, long Samples, byte[] Data)? Find(Position after, int fileGeneration)
    {
        var wanted = JournalSchema.BlockKey(after with { Sequence = after.Sequence + 1 });
        var file = Session(fileGeneration);
        if (Row(file, "SELECT id, samples, data FROM block WHERE id <= $1 ORDER BY id DESC LIMIT 1", wanted) is { } row
            && row.Key + row.Samples > wanted) return row;
        return Row(file, "SELECT id, samples, data FROM block WHERE id > $1 ORDER BY id LIMIT 1", wanted);
    }

    private static (long Key, long Samples, byte[] Data)? Row(SqliteSession file, string sql, long key)
    {
        using var reader = file.Query(sql, key);
        return reader.Read() ? (reader.GetInt64(0), reader[1] as long? ?? 0, reader[2] as byte[] ?? []) : null;
    }

    private SqliteSession Session(int fileGeneration)
    {
        if (session != null && generation == fileGeneration) return session;
        session?.Dispose();
        session = SqliteSession.OpenReadOnly(path);
        generation = fileGeneration;
        return session;
    }
}
