using EdgeTwin.Journal.Codec;
using EdgeTwin.Tags;

namespace EdgeTwin.Journal;

/// <summary>
/// Turns blocks into segments and small segments into larger ones. Reads on a connection of its own and does the work
/// on a thread of its own; only the finished rows go through the writer.
/// </summary>
/// <remarks>
/// A chunk pays off when it holds some thousand samples of its tag. With many tags, or few samples, a segment begins
/// small; eight neighbours of one level then become one of the next.
/// </remarks>
internal sealed class Compactor : IDisposable
{
    public const int FinalLevel = 9;

    /// <summary>Samples that are enough to compact at once.</summary>
    public const int EnoughSamples = 1 << 17;

    private const int Neighbours = 8;
    private const int MostMerges = 3;
    private const int FullChunk = 8192;
    private const int ThoroughChunk = 1024;

    private readonly JournalTags tags;
    private readonly JournalWriter writer;
    private readonly Func<DamagedBlock, CancellationToken, Task> setAside;
    private readonly string path;
    private readonly BlockDecoder decoder;
    private SqliteSession? session;
    private int generation = -1;

    public Compactor(string path, JournalTags tags, JournalWriter writer,
        Func<DamagedBlock, CancellationToken, Task> setAside)
    {
        this.path = path;
        this.tags = tags;
        this.writer = writer;
        this.setAside = setAside;
        decoder = new BlockDecoder(tags);
    }

    /// <summary>The connection on which upkeep reads.</summary>
    public SqliteSession Session
    {
        get
        {
            var current = writer.Generation;
            if (session != null && generation == current) return session;
            session?.Dispose();
            session = SqliteSession.OpenReadOnly(path);
            generation = current;
            return session;
        }
    }

    /// <summary>Samples that are committed and not in a segment yet.</summary>
    public long Waiting => Session.Number("SELECT sum(samples) FROM block WHERE id > $1", Compacted);

    private long Compacted => Session.Number("SELECT value FROM meta WHERE key = $1", JournalSchema.CompactedKey);

    /// <summary>Makes one segment of the oldest blocks that are in none; false when there are none.</summary>
    public async Task<bool> CompactAsync(CancellationToken cancellation)
    {
        var samples = new List<Sample>(EnoughSamples + BlockEncoder.MostSamples);
        var blocks = await ReadBlocksAsync(samples, cancellation);
        if (blocks is not { } span) return false;
        if (samples.Count == 0) return true;
        var perTag = samples.Count / Math.Max(1, samples.Select(sample => sample.Tag.Index).Distinct().Count());
        var built = await OnOwnThreadAsync(() => SegmentBuilder.Build(
            System.Runtime.InteropServices.CollectionsMarshal.AsSpan(samples), tags, span.First, span.Last,
            EffortFor(perTag)));
        await writer.DoAsync(
            store => store.InTransaction(() =>
            {
                var id = store.Session.Number("SELECT max(id) FROM segment") + 1;
                SegmentTable.Insert(store.Session, id, built, perTag >= FullChunk ? FinalLevel : 0);
                store.SaveMeta(JournalSchema.CompactedKey, span.LastKey);
            }),
            cancellation);
        return true;
    }

    /// <summary>Merges one group of small neighbours; false when there is none.</summary>
    public async Task<bool> MergeAsync(CancellationToken cancellation)
    {
        if (FindNeighbours() is not { } group) return false;
        BuiltSegment merged;
        try
        {
            merged = await OnOwnThreadAsync(() => Merge(group));
        }
        catch (DamagedDataException)
        {
            await LeaveAsync(group, cancellation);
            return true;
        }

        var perTag = merged.Samples / Math.Max(1, merged.Directory.Chunks.Count);
        var level = group[0].Level + 1;
        if (level >= MostMerges || perTag >= FullChunk) level = FinalLevel;
        await writer.DoAsync(
            store => store.InTransaction(() =>
            {
                foreach (var row in group) SegmentTable.Delete(store.Session, row.Id);
                SegmentTable.Insert(store.Session, group[0].Id, merged, level);
            }),
            cancellation);
        return true;
    }

    // One of them is damaged: history reads around that, and all of them stay as they are.
    private Task LeaveAsync(SegmentRow[] group, CancellationToken cancellation) => writer.DoAsync(
        store => store.InTransaction(() =>
        {
            foreach (var row in group)
                store.Session.Execute("UPDATE segment SET level = $1 WHERE id = $2", (long)FinalLevel, row.Id);
        }),
        cancellation);

    /// <summary>Deletes blocks that are in a segment and that every uplink has got, some at a time; false when there
    /// are none left.</summary>
    public async Task<bool> DeleteDeliveredAsync(CancellationToken cancellation)
    {
        const int AtATime = 2000;
        const string Which = "FROM block WHERE id <= $1 AND id + samples - 1 <= $2 ORDER BY id LIMIT $3";
        var compacted = Compacted;
        var limit = writer.DeliveredByAll is { } delivered ? JournalSchema.BlockKey(delivered) : long.MaxValue;
        if (Session.Scalar($"SELECT id {Which}", compacted, limit, 1L) == null) return false;
        await writer.DoAsync(
            store => store.InTransaction(() => store.Session.Execute(
                $"DELETE FROM block WHERE id IN (SELECT id {Which})", compacted, limit, (long)AtATime)),
            cancellation);
        return true;
    }

    public void Dispose() => session?.Dispose();

    private static Effort EffortFor(long samplesPerTag) => samplesPerTag >= ThoroughChunk ? Effort.Thorough
        : Effort.Fast;

    private static Task<T> OnOwnThreadAsync<T>(Func<T> work) => Task.Factory.StartNew(
        work, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    private async Task<(Position First, Position Last, long LastKey)?> ReadBlocksAsync(
        List<Sample> samples, CancellationToken cancellation)
    {
        var into = new Sample[BlockEncoder.MostSamples];
        var key = Compacted;
        (Position First, Position Last, long LastKey)? span = null;
        while (samples.Count < EnoughSamples && NextBlock(key) is { } row)
        {
            key = row.Key;
            var first = JournalSchema.PositionOf(key);
            span = (span?.First ?? first, first, key);
            try
            {
                var header = decoder.Decode(row.Data, into);
                if (header.First != first) throw new DamagedDataException("block is stored under another position");
                samples.AddRange(into.AsSpan(0, header.Count));
                span = span.Value with { Last = header.Last };
            }
            catch (DamagedDataException exception)
            {
                await setAside(new DamagedBlock(key, first, exception.Message), cancellation);
            }
        }

        return span;
    }

    private (long Key, byte[] Data)? NextBlock(long after)
    {
        using var reader = Session.Query("SELECT id, data FROM block WHERE id > $1 ORDER BY id LIMIT 1", after);
        return reader.Read() ? (reader.GetInt64(0), reader[1] as byte[] ?? []) : null;
    }

    private SegmentRow[]? FindNeighbours()
    {
        var rows = SegmentTable.List(Session);
        for (var at = 0; at + Neighbours <= rows.Count; at++)
        {
            var level = rows[at].Level;
            if (level < MostMerges && rows.Skip(at).Take(Neighbours).All(row => row.Level == level))
                return [.. rows.Skip(at).Take(Neighbours)];
        }

        return null;
    }

    private BuiltSegment Merge(SegmentRow[] group)
    {
        var directories = group.Select(row => SegmentTable.Directory(Session, row.Id)).ToArray();
        var timelines = group
            .Select((row, i) => Timeline.Read(SegmentTable.Read(Session, row.Id, directories[i].Timeline)))
            .ToArray();
        var instants =
            timelines.SelectMany(timeline => Enumerable.Range(0, timeline.Count).Select(i => timeline[i])).ToArray();
        var (whole, places) = Timeline.Of(instants);
        var starts = new int[group.Length];
        for (var i = 1; i < starts.Length; i++) starts[i] = starts[i - 1] + timelines[i - 1].Count;
        var all = directories.SelectMany(directory => directory.Chunks.Keys).Distinct().Order().ToArray();
        var effort = EffortFor(group.Sum(row => row.Samples) / Math.Max(1, all.Length));
        var chunks = all.Select(tag => (tag, MergeTag(group, directories, places, starts, tag)));
        return SegmentBuilder.Assemble(whole, chunks, directories[0].First, directories[^1].Last, effort);
    }

    private TimedValue[] MergeTag(
        SegmentRow[] group, SegmentDirectory[] directories, int[] places, int[] starts, long tag)
    {
        var samples = new List<TimedValue>();
        for (var i = 0; i < group.Length; i++)
        {
            if (!directories[i].Chunks.TryGetValue(tag, out var item)) continue;
            foreach (var sample in ChunkCodec.Read(SegmentTable.Read(Session, group[i].Id, item)))
                samples.Add(sample with { Time = places[starts[i] + sample.Time] });
        }

        return [.. samples];
    }
}
