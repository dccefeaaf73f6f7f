using System.Threading.Channels;
using EdgeTwin.Journal.Codec;
using EdgeTwin.Tags;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;

namespace EdgeTwin.Journal;

/// <summary>
/// The one that writes: takes what is pending in the tail and commits it as blocks, with kept states and cursors, once
/// per commit interval or sooner when much is pending. Runs on a thread of its own, because a disk may take its time
/// and nobody else is to wait for it.
/// </summary>
internal sealed class JournalWriter : IDisposable
{
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(5);

    private readonly JournalConfig config;
    private readonly TimeProvider time;
    private readonly ILogger logger;
    private readonly long epoch;
    private readonly KeptStates kept;
    private readonly BlockEncoder encoder;
    private readonly SemaphoreSlim wake = new(0);
    private readonly Channel<WriterJob> jobs = Channel.CreateBounded<WriterJob>(16);
    private readonly Lock gate = new();
    private readonly string path;
    private Dictionary<string, UplinkCursor> cursors = new(StringComparer.Ordinal);
    private JournalStore store;
    private int signalled;
    private volatile bool stopping;
    private TimeSpan pause;
    private long retryAt;
    private long failingSince;
    private long lastSuccess;
    private long lastCommitTicks;
    private volatile string? trouble;
    private int generation;
    private bool closed;

    public JournalWriter(
        JournalStore store, long epoch, JournalConfig config, JournalTags tags, KeptStates kept, TimeProvider time,
        ILogger logger)
    {
        this.store = store;
        this.epoch = epoch;
        this.config = config;
        this.kept = kept;
        this.time = time;
        this.logger = logger;
        path = store.Path;
        encoder = new BlockEncoder(tags);
        lastSuccess = time.GetTimestamp();
        Tail = new SampleTail(SampleTail.DefaultCapacity, Wake);
    }

    public SampleTail Tail { get; }

    public Position Committed => new(epoch, Tail.Committed);

    public string? Trouble => trouble;

    public TimeSpan LastCommit => TimeSpan.FromTicks(Volatile.Read(ref lastCommitTicks));

    public TimeSpan CommitLag => Tail.Appended == Tail.Committed ? TimeSpan.Zero
        : time.GetElapsedTime(Volatile.Read(ref lastSuccess));

    /// <summary>Changes when the file was replaced by what could be saved of it; readers then open it again.</summary>
    public int Generation => Volatile.Read(ref generation);

    public void Add(string uplink, UplinkCursor cursor)
    {
        lock (gate) cursors = new(cursors, StringComparer.Ordinal) { [uplink] = cursor };
    }

    /// <summary>Up to where every uplink of this run has what it needs; null when there is no uplink.</summary>
    public Position? DeliveredByAll
    {
        get
        {
            var all = Volatile.Read(ref cursors).Values;
            return all.Count == 0 ? null : all.Min(cursor => cursor.Position);
        }
    }

    /// <summary>Has the writer do something between two commits, and completes when it is done.</summary>
    public async Task DoAsync(Action<JournalStore> work, CancellationToken cancellation)
    {
        var job = new WriterJob(work);
        await jobs.Writer.WriteAsync(job, cancellation);
        Wake();
        await job.Done.Task;
    }

    /// <summary>Saves one cursor in a commit of its own, cut at what is committed. Writer only.</summary>
    public void Save(JournalStore store, string uplink, UplinkCursor cursor)
    {
        if (cursor.ToSave(Committed) is not { } data) return;
        store.InTransaction(() => store.SaveCursor(uplink, data));
        cursor.Saved(data);
    }

    /// <summary>A reader found the file malformed; it is replaced unless that has happened meanwhile.</summary>
    public Task RepairAsync(int seenGeneration, string reason, CancellationToken cancellation) => DoAsync(
        _ =>
        {
            if (Generation == seenGeneration) Recover(reason);
        },
        cancellation);

    /// <summary>Writes until cancelled, then commits what is pending and returns.</summary>
    public Task RunAsync(CancellationToken cancellation)
    {
        var ended = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var thread = new Thread(() => Run(ended, cancellation)) { Name = "journal", IsBackground = true };
        thread.Start();
        return ended.Task;
    }

    /// <summary>One turn: the jobs that wait, then a commit of all that is pending.</summary>
    public void Step()
    {
        while (jobs.Reader.TryRead(out var job)) job.Run(store);
        if (time.GetTimestamp() < retryAt && !stopping) return;
        var states = kept.Take();
        try
        {
            Commit(states);
            Succeeded();
        }
        catch (Exception exception) when (exception is SqliteException or JournalException or IOException)
        {
            kept.PutBack(states);
            Failed(exception);
        }
    }

    // The semaphore is not disposed: a late tick of the timer may still touch it, and it holds no handle.
    public void Dispose() => store.Dispose();

    private void Run(TaskCompletionSource ended, CancellationToken cancellation)
    {
        try
        {
            var interval = TimeSpan.FromMilliseconds(Math.Max(1, config.Commit.TotalMilliseconds));
            using var ticks = time.CreateTimer(_ => Wake(), null, interval, interval);
            using var stop = cancellation.UnsafeRegister(_ => Stop(), null);
            while (!stopping)
            {
                wake.Wait(CancellationToken.None);
                Volatile.Write(ref signalled, 0);
                Step();
            }

            Step();
            jobs.Writer.TryComplete();
            while (jobs.Reader.TryRead(out var job)) job.Run(store);
            ended.SetResult();
        }
        catch (Exception exception)
        {
            // A programmer's error: whoever awaits the journal learns of it and stops the gateway.
            jobs.Writer.TryComplete();
            while (jobs.Reader.TryRead(out var job)) job.Fail(exception);
            ended.SetException(exception);
        }
    }

    private void Stop()
    {
        stopping = true;
        Wake();
    }

    private void Wake()
    {
        if (Interlocked.Exchange(ref signalled, 1) == 0) wake.Release();
    }

    private void Commit(IReadOnlyList<(string Key, byte[] Data)> states)
    {
        // States first, then the head: a state must never become durable before the samples that came before it.
        var first = Tail.Committed;
        var last = Tail.Appended;
        var positions = Volatile.Read(ref cursors)
            .Select(pair => (Uplink: pair.Key, Cursor: pair.Value, Data: pair.Value.ToSave(new Position(epoch, last))))
            .Where(row => row.Data != null)
            .ToList();
        if (first == last && states.Count == 0 && positions.Count == 0) return;
        var started = time.GetTimestamp();
        if (closed) Reopen();
        store.InTransaction(() =>
        {
            InsertBlocks(first, last);
            foreach (var (key, data) in states) store.SaveKept(key, data);
            foreach (var row in positions) store.SaveCursor(row.Uplink, row.Data!);
        });
        foreach (var row in positions) row.Cursor.Saved(row.Data!);
        Tail.Free(last);
        Volatile.Write(ref lastCommitTicks, time.GetElapsedTime(started).Ticks);
        JournalLog.Committed(logger, new Position(epoch, last));
    }

    private void InsertBlocks(long after, long last)
    {
        while (after < last)
        {
            var samples = Tail.Uncommitted(after, last, BlockEncoder.MostSamples);
            var position = new Position(epoch, after + 1);
            store.InsertBlock(position, samples, encoder.Encode(position, samples));
            after += samples.Length;
        }
    }

    private void Succeeded()
    {
        var now = time.GetTimestamp();
        if (trouble != null)
        {
            JournalLog.WritesAgain(logger, time.GetElapsedTime(failingSince, now));
            trouble = null;
            pause = TimeSpan.Zero;
        }

        Volatile.Write(ref lastSuccess, now);
    }

    private void Failed(Exception exception)
    {
        if (trouble == null)
        {
            failingSince = time.GetTimestamp();
            JournalLog.CannotWrite(logger, exception.Message);
        }

        trouble = exception.Message;
        if (exception is SqliteException sqlite && SqliteSession.IsMalformed(sqlite)) Recover(exception.Message);
        pause = pause == TimeSpan.Zero ? config.Commit
            : TimeSpan.FromTicks(Math.Min(pause.Ticks * 2, LongestPause.Ticks));
        retryAt = time.GetTimestamp() + (long)(pause.TotalSeconds * time.TimestampFrequency);
    }

    // A malformed file is replaced by what can be saved of it. If even that fails, the next try begins here again.
    private void Recover(string reason)
    {
        closed = true;
        store.Dispose();
        try
        {
            JournalRecovery.Salvage(path, reason, time.GetUtcNow().UtcDateTime, logger);
            Reopen();
        }
        catch (Exception exception) when (exception is SqliteException or IOException or JournalException)
        {
            JournalLog.CannotWrite(logger, exception.Message);
        }
    }

    private void Reopen()
    {
        store = JournalStore.Open(path);
        closed = false;
        store.EnsureEpoch(epoch, time.GetUtcNow().UtcDateTime);
        Interlocked.Increment(ref generation);
    }
}
