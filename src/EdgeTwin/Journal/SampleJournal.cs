using System.Threading.Channels;
using EdgeTwin.Tags;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;

namespace EdgeTwin.Journal;

/// <summary>
/// Keeps everything that the twin has seen, in order, and hands it on: to the disk, to the uplinks, to whoever asks for
/// history. Opened once per data folder; the order of life is open, open outboxes, run, dispose.
/// </summary>
internal sealed class SampleJournal : ISampleLog, IDisposable
{
    private readonly JournalLock folderLock;
    private readonly JournalTags tags;
    private readonly KeptStates kept;
    private readonly JournalWriter writer;
    private readonly Dictionary<string, byte[]> savedCursors;
    private readonly List<Outbox> outboxes = [];
    private readonly TimeProvider time;
    private readonly ILogger logger;
    private readonly Position lastOfEarlierEpochs;
    private readonly Position beforeOldestBlock;

    private SampleJournal(JournalLock folderLock, JournalOpening opening, JournalConfig config, TimeProvider time,
        ILogger logger)
    {
        this.folderLock = folderLock;
        this.time = time;
        this.logger = logger;
        tags = opening.Tags;
        kept = opening.Kept;
        savedCursors = opening.Cursors;
        lastOfEarlierEpochs = opening.LastOfEarlierEpochs;
        beforeOldestBlock = opening.BeforeOldestBlock;
        Epoch = opening.Epoch;
        Folder = Path.GetDirectoryName(opening.Store.Path)!;
        writer = new JournalWriter(opening.Store, Epoch, config, tags, kept, time, logger);
        Compactor = new Compactor(opening.Store.Path, tags, writer, SetAsideAsync);
        FreeBytes = () => new DriveInfo(Folder).AvailableFreeSpace;
        Retention = new Retention(config, writer, Compactor, time, () => FreeBytes(), logger);
        Upkeep = new Upkeep(writer, Compactor, Retention, time, logger);
    }

    /// <summary>Epoch of this run.</summary>
    public long Epoch { get; }

    /// <summary>Folder of the journal's files.</summary>
    public string Folder { get; }

    internal JournalWriter Writer => writer;

    internal Compactor Compactor { get; }

    internal Retention Retention { get; }

    internal Upkeep Upkeep { get; }

    /// <summary>Free bytes on the journal's disk; a test puts its own in place.</summary>
    internal Func<long> FreeBytes { get; set; }

    /// <summary>
    /// Opens the journal of a data folder or makes it, begins a new epoch durably, and adds tags that only the journal
    /// still knows to the table as retired ones. A file that is damaged is repaired as far as it goes, never refused.
    /// </summary>
    /// <exception cref="JournalException">Another gateway has the folder, or it cannot be used at all.</exception>
    public static SampleJournal Open(string folder, JournalConfig config, TagTable tags, TimeProvider time,
        ILogger logger) =>
        Open(folder, config, tags, time, logger, "FULL");

    /// <summary>As above; the power cut test shows with <c>NORMAL</c> that its check can see a loss.</summary>
    internal static SampleJournal Open(
        string folder, JournalConfig config, TagTable tags, TimeProvider time, ILogger logger, string synchronous)
    {
        var taken = JournalLock.Take(folder);
        try
        {
            var opening = JournalOpening.Open(Path.GetFullPath(folder), taken, tags, time, logger, synchronous);
            return new SampleJournal(taken, opening, config, time, logger);
        }
        catch
        {
            taken.Dispose();
            throw;
        }
    }

    public bool TryAppend(ReadOnlySpan<Sample> samples) => writer.Tail.TryAppend(samples);

    public ValueTask WaitForRoomAsync(int samples, CancellationToken cancellation) =>
        writer.Tail.WaitForRoomAsync(samples, cancellation);

    public void Keep(string key, ReadOnlySpan<byte> state) => kept.Keep(key, state);

    public byte[]? Kept(string key) => kept.Opened(key);

    /// <summary>
    /// The journal for one uplink, from its durable cursor on; an uplink that is new begins with the oldest block that
    /// is kept. To be called before <see cref="RunAsync"/>: blocks wait for the uplinks that are known then.
    /// </summary>
    public IOutbox OpenOutbox(string uplink)
    {
        var cursor = new UplinkCursor();
        if (savedCursors.TryGetValue(uplink, out var saved)) cursor.Load(saved);
        else cursor.Set(beforeOldestBlock, []);
        writer.Add(uplink, cursor);
        var source = new BlockSource(Path.Combine(Folder, JournalSchema.FileName), tags);
        var outbox = new Outbox(uplink, this, writer, source, cursor, lastOfEarlierEpochs);
        outboxes.Add(outbox);
        return outbox;
    }

    /// <summary>How the journal is doing; sizes and counts are as of the last round of upkeep, a few seconds
    /// ago.</summary>
    public JournalStatus Status => Upkeep.Counted with
    {
        Head = new Position(Epoch, writer.Tail.Appended),
        Committed = writer.Committed,
        Pending = writer.Tail.Appended - writer.Tail.Committed,
        LastCommit = writer.LastCommit,
        CommitLag = writer.CommitLag,
        Trouble = writer.Trouble,
        Dropped = Retention.Dropped,
    };

    /// <summary>
    /// Writes, compacts and keeps the limits until cancelled; then everything that was appended is committed before it
    /// completes.
    /// </summary>
    public async Task RunAsync(CancellationToken cancellation)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var writing = writer.RunAsync(stop.Token);
        var upkeep = Upkeep.RunAsync(stop.Token);
        await Task.WhenAny(writing, upkeep);
        await stop.CancelAsync();
        await Task.WhenAll(writing, upkeep);
    }

    public void Dispose()
    {
        foreach (var outbox in outboxes) outbox.Dispose();
        Compactor.Dispose();
        writer.Dispose();
        folderLock.Dispose();
    }

    internal async Task SetAsideAsync(DamagedBlock block, CancellationToken cancellation)
    {
        JournalLog.Damaged(logger, "block", block.Key, block.Reason);
        try
        {
            await writer.DoAsync(store =>
                store.SetAside("block", block.Key, time.GetUtcNow().UtcDateTime), cancellation);
        }
        catch (Exception exception) when (exception is SqliteException or ChannelClosedException)
        {
            // It stays where it is and is skipped; the next one who meets it tries again.
            JournalLog.UpkeepFailed(logger, exception.Message);
        }
    }
}
