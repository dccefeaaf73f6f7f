using System.Threading.Channels;
using EdgeTwin.Journal.Codec;
using EdgeTwin.Tags;
using Microsoft.Data.Sqlite;

namespace EdgeTwin.Journal;

/// <summary>The journal as one uplink sees it: memory while it keeps up, disk when it does not.</summary>
internal sealed class Outbox : IOutbox, IDisposable
{
    private readonly string uplink;
    private readonly SampleJournal journal;
    private readonly JournalWriter writer;
    private readonly BlockSource blocks;
    private readonly UplinkCursor cursor;
    private readonly AsyncSignal more;
    private readonly Position lastOfEarlierEpochs;
    private Position awaited;
    private Position nothingBefore;

    public Outbox(string uplink, SampleJournal journal, JournalWriter writer, BlockSource blocks, UplinkCursor cursor,
        Position lastOfEarlierEpochs)
    {
        this.uplink = uplink;
        this.journal = journal;
        this.writer = writer;
        this.blocks = blocks;
        this.cursor = cursor;
        this.lastOfEarlierEpochs = lastOfEarlierEpochs;
        more = writer.Tail.AddReader();
    }

    public Position Head => new(journal.Epoch, writer.Tail.Appended);

    public Position Committed => writer.Committed;

    public Position Cursor => cursor.Position;

    public IReadOnlyList<(Position First, Position Last)> Ahead => cursor.Ahead;

    public async ValueTask<(Position First, int Count)> ReadAsync(
        Position after, Memory<Sample> into, CancellationToken cancellation)
    {
        if (after.Epoch == journal.Epoch && TryMemory(after, into.Span) is { } recent) return recent;
        while (true)
        {
            var committed = writer.Tail.Committed;
            var file = writer.Generation;
            var read = default((Position First, int Count));
            DamagedBlock? damaged;
            try
            {
                read = blocks.Read(after, into.Span, file, out damaged);
            }
            catch (SqliteException exception) when (SqliteSession.IsMalformed(exception))
            {
                await writer.RepairAsync(file, exception.Message, cancellation);
                continue;
            }
            catch (SqliteException)
            {
                // Whatever it is, the writer may just be replacing a malformed file; the new one is there when it takes
                // the next job.
                await writer.DoAsync(static _ => { }, cancellation);
                if (writer.Generation == file) throw;
                continue;
            }

            if (damaged != null)
            {
                await journal.SetAsideAsync(damaged, cancellation);
                after = damaged.Last;
            }
            else if (read.Count > 0)
            {
                return read;
            }
            else if (BehindDisk(after, committed, into.Span) is { } newer)
            {
                return newer;
            }
        }
    }

    public Position Skip(Position after, Func<TagId, bool> isWanted)
    {
        try
        {
            return blocks.Skip(after, isWanted, writer.Generation);
        }
        catch (Exception exception) when (exception is SqliteException or DamagedDataException)
        {
            return after; // the next read meets it too, and mends it
        }
    }

    public ValueTask WaitForMoreAsync(Position after, CancellationToken cancellation)
    {
        awaited = after;
        return more.WaitAsync(this, static outbox => outbox.HasMore(), cancellation);
    }

    public void Delivered(Position cursor, IReadOnlyList<(Position First, Position Last)> ahead,
        DeliveryProgress? progress = null) => this.cursor.Set(cursor, ahead, progress);

    public string RuleOf(Hole hole)
    {
        try
        {
            return blocks.RuleOf(hole, writer.Generation) ?? LossTable.Unknown;
        }
        catch (SqliteException)
        {
            return LossTable.Unknown; // whatever is wrong with the file, the next read meets it too
        }
    }

    public async ValueTask<bool> TrySaveAsync(CancellationToken cancellation)
    {
        try
        {
            await writer.DoAsync(store => writer.Save(store, uplink, cursor), cancellation);
            return true;
        }
        catch (Exception exception) when (exception is SqliteException or JournalException or IOException
            or ChannelClosedException)
        {
            return false; // the writer says what is wrong with the disk; a journal that has stopped has saved it
        }
    }

    public void Dispose() => blocks.Dispose();

    private (Position First, int Count)? TryMemory(Position after, Span<Sample> into)
    {
        var count = writer.Tail.Copy(after.Sequence, into);
        return count < 0 ? null : (after with { Sequence = after.Sequence + 1 }, count);
    }

    // No block after the position: what comes next, if anything, is in memory and of the epoch that runs. What was
    // committed before the disk was asked and is not there has been given up by retention. Null when memory has moved
    // on meanwhile.
    private (Position First, int Count)? BehindDisk(Position after, long committed, Span<Sample> into)
    {
        nothingBefore = lastOfEarlierEpochs;
        var from = after.Epoch == journal.Epoch ? Math.Max(after.Sequence, committed) : committed;
        return TryMemory(new Position(journal.Epoch, from), into);
    }

    private bool HasMore()
    {
        if (awaited.Epoch == journal.Epoch) return writer.Tail.Appended > awaited.Sequence;
        return writer.Tail.Appended > 0 || (awaited < lastOfEarlierEpochs && nothingBefore < lastOfEarlierEpochs);
    }
}
