using EdgeTwin.Tags;
using Microsoft.Data.Sqlite;

namespace EdgeTwin.Journal;

/// <summary>The journal's file as its one writer sees it. Not thread-safe: the thread that writes owns it.</summary>
internal sealed class JournalStore : IDisposable
{
    private readonly SqliteSession session;

    private JournalStore(string path, SqliteSession session)
    {
        Path = path;
        this.session = session;
    }

    public string Path { get; }

    public SqliteSession Session => session;

    /// <summary>Opens the file or makes it, and holds it to its application id, version and tables.</summary>
    /// <param name="path">The file.</param>
    /// <param name="synchronous">FULL; the power cut test shows that NORMAL would lose.</param>
    public static JournalStore Open(string path, string synchronous = "FULL")
    {
        var opened = SqliteSession.OpenForWriting(path);
        try
        {
            opened.Script("PRAGMA page_size = 4096; PRAGMA auto_vacuum = incremental;");
            CheckKind(path, opened);
            opened.Script($"""
                PRAGMA journal_mode = WAL;
                PRAGMA synchronous = {synchronous};
                PRAGMA wal_autocheckpoint = 2000;
                PRAGMA journal_size_limit = 16777216;
                PRAGMA cache_size = -4096;
                PRAGMA temp_store = MEMORY;
                """);
            opened.Script($"""
                BEGIN IMMEDIATE;
                {JournalSchema.Create}
                PRAGMA application_id = {JournalSchema.ApplicationId};
                PRAGMA user_version = {JournalSchema.Version};
                INSERT INTO meta VALUES ('format', {JournalSchema.Version})
                    ON CONFLICT DO UPDATE SET value = excluded.value;
                COMMIT
                """);
            return new JournalStore(path, opened);
        }
        catch
        {
            opened.Dispose();
            throw;
        }
    }

    /// <summary>Begins the next epoch durably; above every epoch that the file or the caller has ever seen.</summary>
    public long BeginEpoch(long atLeast, DateTime now)
    {
        var seen = Math.Max(session.Number("SELECT max(id) FROM epoch WHERE id < $1", JournalSchema.MostEpoch),
            atLeast - 1);
        seen = Math.Max(seen, JournalSchema.PositionOf(session.Number("SELECT max(id) FROM block")).Epoch);
        if (seen >= JournalSchema.MostEpoch) throw new JournalException(
            $"{Path} has used up its {JournalSchema.MostEpoch} epochs; move it away");
        session.Execute("INSERT INTO epoch (id, started) VALUES ($1, $2)", seen + 1, now.Ticks);
        return seen + 1;
    }

    /// <summary>After a recovery: the running epoch stays known even if its row was lost.</summary>
    public void EnsureEpoch(long epoch, DateTime now) =>
        session.Execute("INSERT OR IGNORE INTO epoch (id, started) VALUES ($1, $2)", epoch, now.Ticks);

    public void InTransaction(Action work)
    {
        session.Execute("BEGIN IMMEDIATE");
        try
        {
            work();
            session.Execute("COMMIT");
        }
        catch
        {
            RollBack();
            throw;
        }
    }

    public void InsertBlock(Position first, ReadOnlySpan<Sample> samples, ReadOnlySpan<byte> block)
    {
        long oldest = long.MaxValue, newest = long.MinValue;
        foreach (ref readonly var sample in samples)
        {
            oldest = Math.Min(oldest, sample.SourceTime.Ticks);
            newest = Math.Max(newest, sample.SourceTime.Ticks);
        }

        session.Execute(
            "INSERT INTO block (id, samples, oldest, newest, data) VALUES ($1, $2, $3, $4, $5)",
            JournalSchema.BlockKey(first), samples.Length, oldest, newest, block.ToArray());
    }

    public void SaveKept(string key, byte[] data) => session.Execute(
        "INSERT INTO kept (key, data) VALUES ($1, $2) ON CONFLICT (key) DO UPDATE SET data = excluded.data", key, data);

    public void SaveCursor(string uplink, byte[] data) => session.Execute(
        "INSERT INTO cursor (uplink, data) VALUES ($1, $2) ON CONFLICT (uplink) DO UPDATE SET data = excluded.data",
        uplink, data);

    public void SaveMeta(string key, long value) => session.Execute(
        "INSERT INTO meta (key, value) VALUES ($1, $2) ON CONFLICT (key) DO UPDATE SET value = excluded.value", key,
        value);

    public long Meta(string key) => session.Number("SELECT value FROM meta WHERE key = $1", key);

    /// <summary>Sets a row aside that failed its checksum.</summary>
    public void SetAside(string table, long id, DateTime now) => InTransaction(() =>
    {
        if (table == "block") LossTable.Add(session, id, session.Number("SELECT samples FROM block WHERE id = $1", id),
            LossTable.Damaged, now);
        session.Execute(
            $"INSERT INTO damaged (kind, original, found, data) SELECT $1, id, $3, data FROM {table} WHERE id = $2",
            table, id, now.Ticks);
        session.Execute($"DELETE FROM {table} WHERE id = $1", id);
    });

    public List<(string Key, byte[] Data)> AllKept() => Named("SELECT key, data FROM kept");

    public List<(string Uplink, byte[] Data)> AllCursors() => Named("SELECT uplink, data FROM cursor");

    public void Dispose() => session.Dispose();

    // One flipped bit in the header must not lock a journal out, so it takes two witnesses to refuse a file.
    private static void CheckKind(string path, SqliteSession session)
    {
        var tables = session.Number("SELECT count(*) FROM sqlite_master WHERE type = 'table'");
        if (tables == 0) return;
        var ours = session.Number("SELECT count(*) FROM sqlite_master WHERE type = 'table' AND name IN ('block', "
            + "'epoch', 'segment', 'meta')");
        if (session.Number("PRAGMA application_id") != JournalSchema.ApplicationId && ours < 3)
            throw new JournalException(
                $"{path} is a SQLite file but not a journal; move it away or name another data folder");
        if (ours == 4 && session.Number("PRAGMA user_version") > JournalSchema.Version
            && session.Number("SELECT value FROM meta WHERE key = 'format'") is var format and > JournalSchema.Version)
            throw new JournalException(
                $"{path} has format {format}; this edgetwin reads up to {JournalSchema.Version}. Use a newer one");
    }

    private List<(string Name, byte[] Data)> Named(string sql)
    {
        var rows = new List<(string, byte[])>();
        using var reader = session.Query(sql);
        while (reader.Read()) rows.Add((reader.GetString(0), (byte[])reader[1]));
        return rows;
    }

    private void RollBack()
    {
        try
        {
            session.Execute("ROLLBACK");
        }
        catch (SqliteException)
        {
            // SQLite has rolled back by itself already (full disk, I/O error); there is nothing left to undo.
            return;
        }
    }
}
