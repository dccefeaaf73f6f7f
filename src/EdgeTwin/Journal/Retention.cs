using Microsoft.Extensions.Logging;

namespace EdgeTwin.Journal;

/// <summary>
/// Keeps the journal within its age, size and the free space of its disk. Gives up the oldest history first, which
/// takes nothing from an uplink: what one has not got yet lies in blocks beside it. Only when no history is left, the
/// oldest of those blocks go. Every loss is counted and logged.
/// </summary>
internal sealed class Retention(
    JournalConfig config, JournalWriter writer, Compactor compactor, TimeProvider time, Func<long> freeBytes,
    ILogger logger)
{
    private const long MegaByte = 1_000_000;
    private const int BlocksAtATime = 500;
    private const int PagesAtATime = 2000;

    private readonly Lock gate = new();
    private readonly Dictionary<string, long> dropped = new(StringComparer.Ordinal);

    /// <summary>Samples given up in this run by reason.</summary>
    public IReadOnlyDictionary<string, long> Dropped
    {
        get
        {
            lock (gate) return new Dictionary<string, long>(dropped, StringComparer.Ordinal);
        }
    }

    /// <summary>Takes one step; false when everything is within its limits.</summary>
    public async Task<bool> StepAsync(CancellationToken cancellation)
    {
        var session = compactor.Session;
        var oldest = SegmentTable.List(session).Cast<SegmentRow?>().FirstOrDefault();
        var horizon = time.GetUtcNow().UtcDateTime.Ticks - config.KeepFor.Ticks;
        if (oldest is { } aged && aged.NewestTicks < horizon)
        {
            await DropSegmentAsync(aged, "age", cancellation);
            return true;
        }

        if (Shortage(session) is not { } reason) return await GiveBackAsync(session, cancellation);
        if (oldest is { } segment) await DropSegmentAsync(segment, reason, cancellation);
        else if (!await DropBlocksAsync(session, reason, cancellation)) return await GiveBackAsync(session,
            cancellation);
        return true;
    }

    // Pages that are free within the file are as good as free space, since the journal fills them first.
    private string? Shortage(SqliteSession session)
    {
        var unused = session.Number("PRAGMA freelist_count") * session.Number("PRAGMA page_size");
        var used = (session.Number("PRAGMA page_count") * session.Number("PRAGMA page_size")) - unused;
        if (used > config.MaxSizeMb * MegaByte) return "size";
        return freeBytes() + unused < config.FreeSpaceFloorMb * MegaByte ? "free-space" : null;
    }

    private async Task DropSegmentAsync(SegmentRow segment, string reason, CancellationToken cancellation)
    {
        await writer.DoAsync(
            store => store.InTransaction(() => SegmentTable.Delete(store.Session, segment.Id)), cancellation);
        // Reaching its age is what a sample is kept for; only what goes sooner is a loss to speak of.
        Count(reason, segment.Samples, reason == "age" ? null : "in history");
    }

    private async Task<bool> DropBlocksAsync(SqliteSession session, string reason, CancellationToken cancellation)
    {
        const string Which = "FROM (SELECT id, samples FROM block ORDER BY id LIMIT $1)";
        var last = session.Number($"SELECT max(id) {Which}", (long)BlocksAtATime);
        var first = session.Number($"SELECT min(id) {Which}", (long)BlocksAtATime);
        var samples = session.Number($"SELECT sum(samples) {Which}", (long)BlocksAtATime);
        if (last == 0) return false;
        var end = last + session.Number("SELECT samples FROM block WHERE id = $1", last) - 1;
        var delivered = writer.DeliveredByAll is not { } position || JournalSchema.BlockKey(position) >= end;
        var now = time.GetUtcNow().UtcDateTime;
        await writer.DoAsync(
            store => store.InTransaction(() =>
            {
                if (!delivered) LossTable.Add(store.Session, first, end, samples, reason, now);
                store.Session.Execute("DELETE FROM block WHERE id <= $1", last);
            }),
            cancellation);
        Count(delivered ? reason : reason + "/undelivered", samples, delivered ? "delivered"
            : "not delivered to every uplink");
        return true;
    }

    // When the disk is short, or a quarter of a large file lies idle, pages go back to the file system, some at a time.
    private async Task<bool> GiveBackAsync(SqliteSession session, CancellationToken cancellation)
    {
        var idle = session.Number("PRAGMA freelist_count");
        var pages = session.Number("PRAGMA page_count");
        var wasteful = idle * 4 > pages && idle > 2 * PagesAtATime;
        var isShort = idle > 0 && freeBytes() < config.FreeSpaceFloorMb * MegaByte;
        if (!wasteful && !isShort) return false;
        await writer.DoAsync(
            store => store.Session.Script(
            $"PRAGMA incremental_vacuum({PagesAtATime}); PRAGMA wal_checkpoint(TRUNCATE)"), cancellation);
        return session.Number("PRAGMA freelist_count") < idle;
    }

    private void Count(string reason, long samples, string? loss)
    {
        lock (gate) dropped[reason] = dropped.GetValueOrDefault(reason) + samples;
        if (loss != null) JournalLog.Dropped(logger, samples, loss, reason);
    }
}
