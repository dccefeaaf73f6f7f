using EdgeTwin.Journal.Codec;

namespace EdgeTwin.Journal;

/// <summary>Segments as rows: a directory each, and a body that is cut into packs.</summary>
internal static class SegmentTable
{
    /// <summary>
    /// A pack fills sixteen overflow pages to the last byte and leaves the least that SQLite keeps on a leaf page, 489
    /// bytes with the five of the record's header (https://sqlite.org/fileformat2.html §1.6), so hardly a byte is
    /// wasted.
    /// </summary>
    public const int PackSize = (16 * 4092) + 489 - 5;

    public static void Insert(SqliteSession session, long id, BuiltSegment segment, int level)
    {
        session.Execute(
            "INSERT INTO segment (id, oldest, newest, samples, level, data) VALUES ($1, $2, $3, $4, $5, $6)",
            id, segment.OldestTicks, segment.NewestTicks, segment.Samples, (long)level, segment.Directory.ToBytes());
        var body = segment.Body.Written;
        for (var number = 0; number * PackSize < body.Length; number++)
        {
            var pack = body[(number * PackSize)..Math.Min(body.Length, (number + 1) * PackSize)];
            session.Execute("INSERT INTO pack (id, data) VALUES ($1, $2)", JournalSchema.PackKey(id, number),
                pack.ToArray());
        }
    }

    public static void Delete(SqliteSession session, long id)
    {
        session.Execute(
            "DELETE FROM pack WHERE id BETWEEN $1 AND $2", JournalSchema.PackKey(id, 0),
            JournalSchema.PackKey(id, ushort.MaxValue));
        session.Execute("DELETE FROM segment WHERE id = $1", id);
    }

    public static List<SegmentRow> List(SqliteSession session)
    {
        var rows = new List<SegmentRow>();
        using var reader = session.Query("SELECT id, oldest, newest, samples, level FROM segment ORDER BY id");
        while (reader.Read())
        {
            rows.Add(new SegmentRow(
                reader.GetInt64(0), reader.GetInt64(1), reader.GetInt64(2), reader.GetInt64(3), reader.GetInt32(4)));
        }

        return rows;
    }

    /// <exception cref="DamagedDataException">The directory is not what was written.</exception>
    public static SegmentDirectory Directory(SqliteSession session, long id) =>
        SegmentDirectory.Parse(session.Scalar("SELECT data FROM segment WHERE id = $1", id) as byte[] ?? []);

    /// <summary>The bytes of a timeline or chunk.</summary>
    /// <exception cref="DamagedDataException">A pack is missing or too short.</exception>
    public static byte[] Read(SqliteSession session, long id, SegmentItem item)
    {
        var bytes = new byte[item.Length];
        for (var done = 0; done < bytes.Length;)
        {
            var at = item.Offset + done;
            var pack = session.Scalar("SELECT data FROM pack WHERE id = $1",
                JournalSchema.PackKey(id, (int)(at / PackSize))) as byte[] ?? [];
            var start = (int)(at % PackSize);
            var count = Math.Min(bytes.Length - done, pack.Length - start);
            if (count <= 0) throw new DamagedDataException("a pack is missing or too short");
            pack.AsSpan(start, count).CopyTo(bytes.AsSpan(done));
            done += count;
        }

        return bytes;
    }
}
