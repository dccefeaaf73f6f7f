using EdgeTwin.Tags;

namespace EdgeTwin.Journal;

/// <summary>The table of tags: durable numbers and what they stand for.</summary>
internal static class JournalTagRows
{
    /// <summary>
    /// All tags by durable number. One whose row is damaged keeps its number and is called <c>damaged-tag-N</c>: better
    /// samples without a name than under a wrong one.
    /// </summary>
    public static SortedDictionary<long, (string Name, TagDataType Type)> Read(SqliteSession session)
    {
        var rows = new SortedDictionary<long, (string Name, TagDataType Type)>();
        using var reader = session.Query("SELECT id, name, type, crc FROM tag");
        while (reader.Read())
        {
            var id = reader.GetInt64(0);
            if (id is < 1 or > int.MaxValue) continue;
            var name = reader[1] as string ?? "";
            var type = reader[2] as long? ?? 0;
            var sound = reader[3] as long? == JournalSchema.TagCrc(id, name, type);
            rows[id] = sound ? (name, (TagDataType)type) : ($"damaged-tag-{id}", TagDataType.None);
        }

        return rows;
    }

    public static void Save(SqliteSession session, long durable, string name, TagDataType type) => session.Execute(
        """
        INSERT INTO tag (id, name, type, crc) VALUES ($1, $2, $3, $4)
        ON CONFLICT (id) DO UPDATE SET name = excluded.name, type = excluded.type, crc = excluded.crc
            WHERE crc <> excluded.crc
        """,
        durable, name, (long)type, JournalSchema.TagCrc(durable, name, (long)type));
}
