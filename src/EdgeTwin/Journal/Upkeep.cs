using System.Threading.Channels;
using EdgeTwin.Journal.Codec;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;

namespace EdgeTwin.Journal;

/// <summary>Compacts, merges, deletes what is delivered and keeps the limits, every few seconds while the journal
/// runs.</summary>
internal sealed class Upkeep(JournalWriter writer, Compactor compactor, Retention retention, TimeProvider time,
    ILogger logger)
{
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan CompactAtLeastEvery = TimeSpan.FromMinutes(10);

    private long lastCompaction = time.GetTimestamp();
    private bool failed;
    private volatile JournalStatus counted = new();

    /// <summary>What takes a look at the file to know; as of the last round.</summary>
    public JournalStatus Counted => counted;

    public async Task RunAsync(CancellationToken cancellation)
    {
        using var timer = new PeriodicTimer(Period, time);
        try
        {
            do
            {
                await RoundAsync(cancellation);
            }
            while (await timer.WaitForNextTickAsync(cancellation));
        }
        catch (Exception exception) when (exception is OperationCanceledException or ChannelClosedException
            && cancellation.IsCancellationRequested)
        {
            // The journal stops; what is not compacted now is compacted after the next start.
            return;
        }
    }

    /// <summary>One round of everything there is to do.</summary>
    public async Task RoundAsync(CancellationToken cancellation)
    {
        try
        {
            var waiting = compactor.Waiting;
            if (waiting == 0) lastCompaction = time.GetTimestamp();
            while (waiting >= Compactor.EnoughSamples
                || (waiting > 0 && time.GetElapsedTime(lastCompaction) >= CompactAtLeastEvery))
            {
                await compactor.CompactAsync(cancellation);
                lastCompaction = time.GetTimestamp();
                waiting = compactor.Waiting;
            }

            while (await compactor.MergeAsync(cancellation)) cancellation.ThrowIfCancellationRequested();
            while (await compactor.DeleteDeliveredAsync(cancellation)) cancellation.ThrowIfCancellationRequested();
            while (await retention.StepAsync(cancellation)) cancellation.ThrowIfCancellationRequested();
            counted = Count();
            failed = false;
        }
        catch (Exception exception) when (exception is SqliteException or IOException or JournalException
            or DamagedDataException)
        {
            await FailedAsync(exception, cancellation);
        }
    }

    private async Task FailedAsync(Exception exception, CancellationToken cancellation)
    {
        if (!failed) JournalLog.UpkeepFailed(logger, exception.Message);
        failed = true;
        if (exception is SqliteException sqlite && SqliteSession.IsMalformed(sqlite))
            await writer.RepairAsync(writer.Generation, exception.Message, cancellation);
    }

    private JournalStatus Count()
    {
        var session = compactor.Session;
        var pageSize = session.Number("PRAGMA page_size");
        var pages = session.Number("PRAGMA page_count");
        var compacted = session.Number("SELECT value FROM meta WHERE key = $1", JournalSchema.CompactedKey);
        return new JournalStatus
        {
            SizeBytes = pages * pageSize,
            UsedBytes = (pages - session.Number("PRAGMA freelist_count")) * pageSize,
            Samples = session.Number("SELECT sum(samples) FROM segment")
                + session.Number("SELECT sum(samples) FROM block WHERE id > $1", compacted),
            Blocks = session.Number("SELECT count(*) FROM block"),
            Segments = session.Number("SELECT count(*) FROM segment"),
            Damaged = session.Number("SELECT count(*) FROM damaged"),
            Oldest = Time(session.Scalar("SELECT min(oldest) FROM (SELECT min(oldest) AS oldest FROM segment UNION "
                + "ALL SELECT min(oldest) FROM block)")),
            Newest = Time(session.Scalar("SELECT max(newest) FROM (SELECT max(newest) AS newest FROM segment UNION "
                + "ALL SELECT max(newest) FROM block)")),
        };
    }

    private static DateTime? Time(object? ticks) => ticks is long number ? BlockDecoder.Time(number) : null;
}
