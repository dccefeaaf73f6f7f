using System.Globalization;
using EdgeTwin.Journal.Codec;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;

namespace EdgeTwin.Journal;

/// <summary>
/// Saves what can be read of a file that SQLite calls malformed: the file moves aside, its readable rows go into a
/// fresh one.
/// </summary>
internal static class JournalRecovery
{
    // The first bytes of every journal.db: magic, page size 4096, WAL, payload fractions
    // (https://sqlite.org/fileformat2.html §1.3).
    private static readonly byte[] Head =
        [.. "SQLite format 3\0"u8, 0x10, 0x00, 2, 2, 0, 64, 32, 32];

    public static void Salvage(string path, string reason, DateTime now, ILogger logger)
    {
        var aside = MoveAside(path, now);
        var fresh = path + ".new";
        DeleteWithLog(fresh);
        var saved = 0L;
        var lost = 0L;
        using (var target = JournalStore.Open(fresh))
        {
            try
            {
                RepairHead(aside);
                using var source = SqliteSession.OpenForWriting(aside);
                Copy(source, target.Session, ref saved, ref lost);
            }
            catch (SqliteException)
            {
                lost++;
            }

            target.Session.Script("PRAGMA wal_checkpoint(TRUNCATE)");
        }

        DeleteLogOf(fresh);
        File.Move(fresh, path);
        JournalLog.Salvaged(logger, reason, aside, saved, lost);
    }

    private static void Copy(SqliteSession source, SqliteSession target, ref long saved, ref long lost)
    {
        target.Script("BEGIN");
        CopyTable(source, target, "tag", "id, name, type, crc", ref saved, ref lost);
        CopyTable(source, target, "epoch", "id, started", ref saved, ref lost);
        CopyTable(source, target, "block", "id, samples, oldest, newest, data", ref saved, ref lost);
        CopyTable(source, target, "segment", "id, oldest, newest, samples, level, data", ref saved, ref lost);
        CopyTable(source, target, "pack", "id, data", ref saved, ref lost);
        CopyTable(source, target, "damaged", "id, kind, original, found, data", ref saved, ref lost);
        CopyTable(source, target, "loss", "id, first, last, samples, rule, found", ref saved, ref lost);
        CopyTable(source, target, "kept", "key, data", ref saved, ref lost);
        CopyTable(source, target, "cursor", "uplink, data", ref saved, ref lost);
        CopyTable(source, target, "meta", "key, value", ref saved, ref lost);
        target.Script("COMMIT");
    }

    // Upwards until something cannot be read, then downwards from the end to the same place.
    private static void CopyTable(
        SqliteSession source, SqliteSession target, string table, string columns, ref long saved, ref long lost)
    {
        var key = columns[..columns.IndexOf(',')];
        var whole = CopyRows(source, target, table, columns, $"ORDER BY {key}", ref saved)
            || CopyRows(source, target, table, columns, $"ORDER BY {key} DESC", ref saved);
        if (!whole) lost++;
    }

    private static bool CopyRows(
        SqliteSession source, SqliteSession target, string table, string columns, string order, ref long saved)
    {
        var width = columns.Count(letter => letter == ',') + 1;
        var places = string.Join(", ", Enumerable.Range(1, width).Select(i => $"${i}"));
        var values = new object[width];
        try
        {
            using var rows = source.Query($"SELECT {columns} FROM {table} {order}");
            while (rows.Read())
            {
                rows.GetValues(values);
                saved += Insert(target, $"INSERT OR IGNORE INTO {table} ({columns}) VALUES ({places})", values);
            }

            return true;
        }
        catch (SqliteException)
        {
            return false;
        }
    }

    private static int Insert(SqliteSession target, string sql, object[] values)
    {
        try
        {
            return target.Execute(sql, values);
        }
        catch (SqliteException exception) when (exception.SqliteErrorCode == 19)
        {
            // SQLITE_CONSTRAINT: the row was read, but it is nonsense. The next one may be well.
            return 0;
        }
    }

    private static string MoveAside(string path, DateTime now)
    {
        var aside = $"{path}.corrupt-{now.ToString("yyyyMMdd'T'HHmmssfff'Z'", CultureInfo.InvariantCulture)}";
        File.Move(path, aside);
        if (File.Exists(path + "-wal")) File.Move(path + "-wal", aside + "-wal");
        File.Delete(path + "-shm");
        return aside;
    }

    private static void RepairHead(string path)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite);
        if (file.Length >= 512) file.Write(Head);
    }

    private static void DeleteWithLog(string path)
    {
        File.Delete(path);
        DeleteLogOf(path);
    }

    private static void DeleteLogOf(string path)
    {
        File.Delete(path + "-wal");
        File.Delete(path + "-shm");
    }
}
