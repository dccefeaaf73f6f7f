using EdgeTwin.Journal.Codec;
using EdgeTwin.Tags;
using Microsoft.Data.Sqlite;

namespace EdgeTwin.Journal;

/// <summary>
/// Says which place of the journal belongs to a moment: that of the first sample that was received then or later. Of
/// samples that retention has removed only their epoch is known. Where the clock was set back while the journal was
/// written, or a block was damaged, the answer may be off by what that is. It sees the journal as it was when it was
/// opened.
/// </summary>
internal sealed class JournalPlaces : IDisposable
{
    private readonly SqliteSession session;
    private readonly List<Stretch> stretches = [];
    private readonly List<(long Epoch, long Started)> epochs = [];
    private readonly BlockDecoder decoder;
    private readonly Sample[] block = new Sample[BlockEncoder.MostSamples];

    private JournalPlaces(SqliteSession session)
    {
        this.session = session;
        session.Execute("BEGIN"); // a block that is compacted meanwhile is still there
        decoder = new BlockDecoder(new JournalTags([.. JournalTagRows.Read(session).Keys]));
        foreach (var row in SegmentTable.List(session)) stretches.Add(new Stretch(row.Id, IsSegment: true));
        var compacted = session.Number("SELECT value FROM meta WHERE key = $1", JournalSchema.CompactedKey);
        using (var rows = session.Query("SELECT id FROM block WHERE id > $1 ORDER BY id", compacted))
            while (rows.Read()) stretches.Add(new Stretch(rows.GetInt64(0), IsSegment: false));
        using (var rows = session.Query("SELECT id, started FROM epoch ORDER BY id"))
            while (rows.Read()) epochs.Add((rows.GetInt64(0), rows.GetInt64(1)));
    }

    /// <exception cref="JournalException">There is no journal in the folder, or it cannot be read.</exception>
    public static JournalPlaces OpenReadOnly(string folder)
    {
        var path = Path.Combine(folder, JournalSchema.FileName);
        if (!File.Exists(path)) throw new JournalException(
            $"there is no journal in {Path.GetFullPath(folder)}; name the gateway's data folder");
        SqliteSession? opened = null;
        try
        {
            return new JournalPlaces(opened = SqliteSession.OpenReadOnly(path));
        }
        catch (SqliteException exception)
        {
            opened?.Dispose();
            throw new JournalException($"{path} cannot be read: {exception.Message}", exception);
        }
    }

    /// <summary>The first place that was received at this moment or later; the place behind the last one when there is
    /// none.</summary>
    public Position At(DateTime moment)
    {
        var ticks = moment.Ticks;
        var (low, high) = (0, stretches.Count);
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (Begin(middle, high, out var readable) < ticks) low = readable + 1;
            else high = middle;
        }

        for (var at = low - 1; at >= 0; at--)
        {
            if (Within(stretches[at], ticks) is not var (place, last)) continue;
            return place > last && at + 1 < stretches.Count ? FirstOf(stretches[at + 1]) : place;
        }

        return Oldest(ticks);
    }

    public void Dispose() => session.Dispose();

    // All that is kept is of later.
    private Position Oldest(long ticks)
    {
        var kept = stretches.Count > 0 ? FirstOf(stretches[0]).Epoch : epochs.Count > 0 ? epochs[^1].Epoch : 0;
        var later = epochs.Find(each => each.Epoch <= kept && each.Started >= ticks).Epoch;
        return new Position(later > 0 ? later : kept, 1);
    }

    /// <summary>When the first sample of the stretch was received; of the next one that can be read, where it
    /// cannot. Later than everything when there is none.</summary>
    private long Begin(int from, int end, out int readable)
    {
        for (readable = from; readable < end; readable++)
            if (Receive(stretches[readable]) is { } ticks) return ticks;
        return long.MaxValue;
    }

    private long? Receive(Stretch stretch)
    {
        try
        {
            if (!stretch.IsSegment) return Block(stretch.Id) is { Count: > 0 } ? block[0].ReceiveTime.Ticks : null;
            var times = TimesOf(stretch.Id, SegmentTable.Directory(session, stretch.Id));
            var first = long.MaxValue;
            for (var i = 0; i < times.Count; i++) first = Math.Min(first, times[i].ReceiveTicks);
            return times.Count > 0 ? first : null;
        }
        catch (DamagedDataException)
        {
            return null;
        }
    }

    private (Position Place, Position Last)? Within(Stretch stretch, long ticks)
    {
        try
        {
            return stretch.IsSegment ? WithinSegment(stretch.Id, ticks) : WithinBlock(stretch.Id, ticks);
        }
        catch (DamagedDataException)
        {
            return null;
        }
    }

    private (Position Place, Position Last) WithinBlock(long id, long ticks)
    {
        var header = Block(id);
        var before = 0;
        while (before < header.Count && block[before].ReceiveTime.Ticks < ticks) before++;
        return (header.First with { Sequence = header.First.Sequence + before }, header.Last);
    }

    // A segment has no order of its own: so many samples of it were received before.
    private (Position Place, Position Last) WithinSegment(long id, long ticks)
    {
        var directory = SegmentTable.Directory(session, id);
        var times = TimesOf(id, directory);
        // It may go on into later epochs; these begin with 1.
        var (epoch, started) = epochs.FindLast(
            each => each.Epoch > directory.First.Epoch && each.Epoch <= directory.Last.Epoch && each.Started < ticks);
        var before = 0L;
        foreach (var item in directory.Chunks.Values)
        {
            foreach (ref readonly var value in ChunkCodec.Read(SegmentTable.Read(session, id, item)).AsSpan())
                if (times[value.Time].ReceiveTicks is var at && at >= started && at < ticks) before++;
        }

        return (epoch == 0 ? directory.First with { Sequence = directory.First.Sequence + before }
            : new Position(epoch, before + 1), directory.Last);
    }

    private Position FirstOf(Stretch stretch)
    {
        if (!stretch.IsSegment) return JournalSchema.PositionOf(stretch.Id);
        try
        {
            return SegmentTable.Directory(session, stretch.Id).First;
        }
        catch (DamagedDataException)
        {
            return new Position(epochs.Count == 0 ? 0 : epochs[0].Epoch, 1);
        }
    }

    private Timeline TimesOf(long id, SegmentDirectory directory) =>
        Timeline.Read(SegmentTable.Read(session, id, directory.Timeline));

    private BlockHeader Block(long id) =>
        decoder.Decode(session.Scalar("SELECT data FROM block WHERE id = $1", id) as byte[] ?? [], block);

    private readonly record struct Stretch(long Id, bool IsSegment);
}
