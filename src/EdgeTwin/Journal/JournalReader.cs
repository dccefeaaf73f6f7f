using EdgeTwin.Journal.Codec;
using EdgeTwin.Tags;
using Microsoft.Data.Sqlite;

namespace EdgeTwin.Journal;

/// <summary>
/// Reads history, also while a gateway writes; each call sees one state of the file. Samples come in order of source
/// time, those of one instant in the order in which they came. One thread at a time.
/// </summary>
internal sealed class JournalReader : IDisposable
{
    private readonly SqliteSession session;
    private readonly SortedDictionary<long, (string Name, TagDataType Type)> names;
    private readonly JournalTags tags;
    private readonly BlockDecoder decoder;
    private readonly Dictionary<string, long> durable;

    private JournalReader(SqliteSession session)
    {
        this.session = session;
        names = JournalTagRows.Read(session);
        durable = names.ToDictionary(row => row.Value.Name, row => row.Key, StringComparer.Ordinal);
        tags = new JournalTags([.. names.Keys]);
        decoder = new BlockDecoder(tags);
    }

    /// <summary>All tags that have history, in the order in which they were first seen.</summary>
    public IReadOnlyList<HistoryTag> Tags => [.. names.Values.Select(row => new HistoryTag(row.Name, row.Type))];

    /// <summary>Stretches that could not be read because they are damaged, counted since the reader was
    /// opened.</summary>
    public int DamagedStretches { get; private set; }

    /// <exception cref="JournalException">There is no journal in the folder, or it cannot be read.</exception>
    public static JournalReader OpenReadOnly(string folder)
    {
        var path = Path.Combine(folder, JournalSchema.FileName);
        if (!File.Exists(path)) throw new JournalException(
            $"there is no journal in {Path.GetFullPath(folder)}; name the gateway's data folder");
        try
        {
            return new JournalReader(SqliteSession.OpenReadOnly(path));
        }
        catch (SqliteException exception)
        {
            throw new JournalException($"{path} cannot be read: {exception.Message}", exception);
        }
    }

    /// <summary>Samples of a tag with a source time in [from, to), at most as many as the limit; none for a tag that is
    /// not known.</summary>
    public IReadOnlyList<HistorySample> ReadRaw(string tag, DateTime from, DateTime to, int limit = int.MaxValue)
    {
        var samples = new List<HistorySample>();
        if (limit <= 0 || !durable.TryGetValue(tag, out var number)) return samples;
        InOneState(() =>
        {
            foreach (var stretch in Stretches(number, from.Ticks, to.Ticks))
            {
                if (samples.Count >= limit && samples[limit - 1].SourceTime.Ticks < stretch.OldestTicks) break;
                Merge(samples, stretch.Read());
            }
        });
        if (samples.Count > limit) samples.RemoveRange(limit, samples.Count - limit);
        return samples;
    }

    /// <summary>
    /// A tag's history in [from, to) in buckets of equal length that begin at <paramref name="from"/>; buckets without
    /// a sample are left out.
    /// </summary>
    public IReadOnlyList<HistoryBucket> ReadAggregates(string tag, DateTime from, DateTime to, TimeSpan bucket)
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(bucket, TimeSpan.Zero);
        var buckets = new HistoryBuckets(from.Ticks, to.Ticks, bucket.Ticks);
        if (!durable.TryGetValue(tag, out var number)) return [];
        InOneState(() =>
        {
            var stretches = Stretches(number, from.Ticks, to.Ticks);
            for (var i = 0; i < stretches.Count; i++)
            {
                // Stretches that overlap have to be sorted into each other before they can be summed up.
                var together = i + 1;
                var newest = stretches[i].NewestTicks;
                for (; together < stretches.Count && stretches[together].OldestTicks <= newest; together++)
                    newest = Math.Max(newest, stretches[together].NewestTicks);
                if (together == i + 1 && stretches[i].Summary is { } summary && buckets.TryAdd(summary)) continue;
                var samples = new List<HistorySample>();
                for (; i < together; i++) Merge(samples, stretches[i].Read());
                i--;
                foreach (var sample in samples) buckets.Add(sample);
            }
        });
        return buckets.Finish();
    }

    public void Dispose() => session.Dispose();

    private static void Merge(List<HistorySample> samples, List<HistorySample> more)
    {
        if (more.Count == 0) return;
        var inOrder = samples.Count == 0 || samples[^1].SourceTime <= more[0].SourceTime;
        samples.AddRange(more);
        if (inOrder) return;
        var sorted = samples.OrderBy(sample => sample.SourceTime).ToArray();
        samples.Clear();
        samples.AddRange(sorted);
    }

    private void InOneState(Action read)
    {
        session.Execute("BEGIN");
        try
        {
            read();
        }
        finally
        {
            session.Execute("COMMIT");
        }
    }

    // In the order in which the samples came, then by their oldest time; the sort is stable.
    private List<HistoryStretch> Stretches(long tag, long from, long to)
    {
        var stretches = new List<HistoryStretch>();
        foreach (var row in SegmentTable.List(session).Where(row => row.OldestTicks < to && row.NewestTicks >= from))
        {
            if (Try(() => SegmentTable.Directory(session, row.Id)) is not { } directory) continue;
            if (!directory.Chunks.TryGetValue(tag, out var item)) continue;
            if (item.Summary.OldestTicks >= to || item.Summary.NewestTicks < from) continue;
            var inside = item.Summary.OldestTicks >= from && item.Summary.NewestTicks < to;
            stretches.Add(new HistoryStretch(
                item.Summary.OldestTicks,
                item.Summary.NewestTicks,
                inside ? item.Summary : null,
                () => Try(() => ReadChunk(row.Id, directory, item, from, to)) ?? []));
        }

        if (Try(() => ReadBlocks(tag, from, to)) is { Count: > 0 } recent)
            stretches.Add(new HistoryStretch(recent[0].SourceTime.Ticks, recent[^1].SourceTime.Ticks, null, () =>
                recent));
        return [.. stretches.OrderBy(stretch => stretch.OldestTicks)];
    }

    private List<HistorySample> ReadChunk(long segment, SegmentDirectory directory, SegmentItem item, long from,
        long to)
    {
        var timeline = Timeline.Read(SegmentTable.Read(session, segment, directory.Timeline));
        var chunk = ChunkCodec.Read(SegmentTable.Read(session, segment, item));
        var samples = new List<HistorySample>(chunk.Length);
        foreach (ref readonly var value in chunk.AsSpan())
        {
            var instant = timeline[value.Time];
            if (instant.SourceTicks < from || instant.SourceTicks >= to) continue;
            samples.Add(new HistorySample(
                BlockDecoder.Time(instant.SourceTicks), value.Value, value.Status,
                BlockDecoder.Time(instant.ReceiveTicks), instant.Clock));
        }

        return samples;
    }

    private List<HistorySample> ReadBlocks(long tag, long from, long to)
    {
        var wanted = tags.TagOf(tag);
        var into = new Sample[BlockEncoder.MostSamples];
        var samples = new List<HistorySample>();
        var compacted = session.Number("SELECT value FROM meta WHERE key = $1", JournalSchema.CompactedKey);
        using var rows = session.Query(
            "SELECT data FROM block WHERE id > $1 AND oldest < $2 AND newest >= $3 ORDER BY id", compacted, to, from);
        while (rows.Read())
        {
            var block = rows[0] as byte[] ?? [];
            if (Try(() => decoder.Decode(block, into)) is not { Count: > 0 } header) continue;
            foreach (ref readonly var sample in into.AsSpan(0, header.Count))
            {
                if (sample.Tag != wanted || sample.SourceTime.Ticks < from || sample.SourceTime.Ticks >= to) continue;
                samples.Add(new HistorySample(
                    sample.SourceTime, sample.Value, sample.Status, sample.ReceiveTime, sample.Clock));
            }
        }

        for (var i = 1; i < samples.Count; i++)
        {
            if (samples[i].SourceTime < samples[i - 1].SourceTime) return [.. samples.OrderBy(sample =>
                sample.SourceTime)];
        }

        return samples;
    }

    private T? Try<T>(Func<T> read)
    {
        try
        {
            return read();
        }
        catch (DamagedDataException)
        {
            DamagedStretches++;
            return default;
        }
    }
}
