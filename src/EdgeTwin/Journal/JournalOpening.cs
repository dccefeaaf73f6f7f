using EdgeTwin.Journal.Codec;
using EdgeTwin.Tags;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;

namespace EdgeTwin.Journal;

/// <summary>What is read when a journal opens, after repairs if they were needed.</summary>
internal sealed record JournalOpening
{
    private const int Attempts = 3;

    public required JournalStore Store { get; init; }
    public required JournalTags Tags { get; init; }
    public required KeptStates Kept { get; init; }
    public required Dictionary<string, byte[]> Cursors { get; init; }
    public required long Epoch { get; init; }

    /// <summary>Last block of the epochs before this one; (0, 0) when there is none.</summary>
    public required Position LastOfEarlierEpochs { get; init; }

    /// <summary>Where an uplink begins that is new.</summary>
    public required Position BeforeOldestBlock { get; init; }

    public static JournalOpening Open(
        string folder, JournalLock folderLock, TagTable table, TimeProvider time, ILogger logger, string synchronous)
    {
        var path = Path.Combine(folder, JournalSchema.FileName);
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return Load(path, folderLock, table, time, logger, synchronous);
            }
            catch (Exception exception) when (SqliteSession.IsDamage(exception) && attempt < Attempts)
            {
                JournalRecovery.Salvage(path, exception.Message, time.GetUtcNow().UtcDateTime, logger);
            }
            catch (SqliteException exception)
            {
                throw new JournalException($"{path} cannot be opened: {exception.Message}", exception);
            }
        }
    }

    private static JournalOpening Load(
        string path, JournalLock folderLock, TagTable table, TimeProvider time, ILogger logger, string synchronous)
    {
        var store = JournalStore.Open(path, synchronous);
        try
        {
            var now = time.GetUtcNow().UtcDateTime;
            var kept = LoadKept(store, now, logger);
            var cursors = LoadCursors(store, now, logger, out var highestEpoch);
            var firstBlock = JournalSchema.PositionOf(store.Session.Number("SELECT min(id) FROM block"));
            var lastOfEarlier = LastBlock(store);
            var epoch = store.BeginEpoch(Math.Max(folderLock.LastEpoch, highestEpoch) + 1, now);
            folderLock.Remember(epoch);
            var tags = LoadTags(store, table, logger);
            JournalLog.Opened(
                logger, path, epoch, store.Session.Number("SELECT count(*) FROM block"),
                store.Session.Number("SELECT count(*) FROM segment"));
            return new JournalOpening
            {
                Store = store,
                Tags = tags,
                Kept = kept,
                Cursors = cursors,
                Epoch = epoch,
                LastOfEarlierEpochs = lastOfEarlier,
                BeforeOldestBlock = firstBlock == default ? new Position(epoch, 0)
                : firstBlock with { Sequence = firstBlock.Sequence - 1 },
            };
        }
        catch
        {
            store.Dispose();
            throw;
        }
    }

    private static Position LastBlock(JournalStore store)
    {
        using var row = store.Session.Query("SELECT id, samples FROM block ORDER BY id DESC LIMIT 1");
        if (!row.Read()) return default;
        var first = JournalSchema.PositionOf(row.GetInt64(0));
        return first with { Sequence = first.Sequence + row.GetInt64(1) - 1 };
    }

    private static KeptStates LoadKept(JournalStore store, DateTime now, ILogger logger)
    {
        var kept = new KeptStates();
        foreach (var (key, data) in store.AllKept())
        {
            if (Crc32C.Holds(data)) kept.Load(key, data[..^4]);
            else Discard(store, "kept", "key", key, data, now, logger);
        }

        return kept;
    }

    private static Dictionary<string, byte[]> LoadCursors(JournalStore store, DateTime now, ILogger logger,
        out long highestEpoch)
    {
        highestEpoch = 0;
        var cursors = new Dictionary<string, byte[]>(StringComparer.Ordinal);
        foreach (var (uplink, data) in store.AllCursors())
        {
            try
            {
                var cursor = new UplinkCursor();
                cursor.Load(data);
                highestEpoch = Math.Max(highestEpoch, cursor.Position.Epoch);
                cursors.Add(uplink, data);
            }
            catch (DamagedDataException)
            {
                // Without its cursor the uplink begins again with the oldest block: sent twice rather than never.
                Discard(store, "cursor", "uplink", uplink, data, now, logger);
            }
        }

        return cursors;
    }

    private static void Discard(
        JournalStore store, string table, string keyColumn, string key, byte[] data, DateTime now, ILogger logger)
    {
        JournalLog.Damaged(logger, $"{table} '{key}'", 0, "checksum is wrong");
        store.InTransaction(() =>
        {
            store.Session.Execute(
                "INSERT INTO damaged (kind, original, found, data) VALUES ($1, 0, $2, $3)", $"{table} {key}", now.Ticks,
                data);
            store.Session.Execute($"DELETE FROM {table} WHERE {keyColumn} = $1", key);
        });
    }

    private static JournalTags LoadTags(JournalStore store, TagTable table, ILogger logger)
    {
        var stored = JournalTagRows.Read(store.Session);
        var configured = table.Count;
        foreach (var (durable, row) in stored)
        {
            if (!table.TryFind(row.Name, out _))
                table.Add(id =>
                    new TagDefinition { Id = id, Name = row.Name, Type = row.Type, Origin = new TagOrigin.Retired() });
        }

        if (table.Count > configured) JournalLog.RetiredTags(logger, table.Count - configured);
        var byName = stored.ToDictionary(pair => pair.Value.Name, pair => pair.Key, StringComparer.Ordinal);
        var next = stored.Count == 0 ? 1 : stored.Keys.Max() + 1;
        var durableNumbers = new long[table.Count];
        store.InTransaction(() =>
        {
            // Retired ones first: a damaged row gets out of the way of the name that it may still carry.
            foreach (var tag in table.All.OrderBy(tag => tag.Origin is not TagOrigin.Retired))
            {
                if (!byName.TryGetValue(tag.Name, out var durable)) durable = next++;
                durableNumbers[tag.Id.Index] = durable;
                JournalTagRows.Save(store.Session, durable, tag.Name, tag.Type);
            }
        });
        return new JournalTags(durableNumbers);
    }
}
