using System.Threading.Channels;
using EdgeTwin.Alarms;
using EdgeTwin.Prediction;
using EdgeTwin.Tags;
using Microsoft.Extensions.Logging;

namespace EdgeTwin.Twin;

/// <summary>
/// The one loop that owns the twin. Batches, operators' commands and the passing of time come through one bounded
/// inbox; per batch there is one "now". When the journal is full the loop waits for it, then the inbox fills, then the
/// sources wait.
/// </summary>
internal sealed partial class TwinEngine : ISampleInbox, IAsyncDisposable
{
    /// <summary>Batches that wait at most; a poster then waits.</summary>
    public const int InboxBatches = 64;

    private const int LargestAppend = 1024;

    // A difference between wall clock and monotonic clock up to this is drift; beyond it somebody set the clock.
    private static readonly TimeSpan ClockTolerance = TimeSpan.FromSeconds(1);

    private readonly Channel<Work> inbox = Channel.CreateBounded<Work>(
        new BoundedChannelOptions(InboxBatches) { SingleReader = true, FullMode = BoundedChannelFullMode.Wait });

    private readonly AlarmEngine alarms;
    private readonly TwinStep step;
    private readonly ISampleLog log;
    private readonly TimeProvider time;
    private readonly ILogger logger;
    private readonly Action<AlarmTransition> onTransition;
    private readonly TwinFeed? feed;
    private readonly ITimer timer;
    private TaskCompletionSource<TwinSnapshot>? wantedSnapshot;
    private TaskCompletionSource<AlarmCommandResult>? answering;
    private DateTime now;
    private long nowTimestamp;
    private DateTime armedFor = DateTime.MinValue;
    private bool isWakeMissed;
    private long lastTurnTicks;
    private long backPressureWaits;

    /// <param name="tags">All tags, retired ones included.</param>
    /// <param name="alarmDefinitions">The alarms; each state tag is in the table.</param>
    /// <param name="predictors">The models.</param>
    /// <param name="probe">Reads silent tags back; <see cref="NoProbe"/> where nothing can.</param>
    /// <param name="log">The journal.</param>
    /// <param name="time">Wall clock, monotonic clock and timer.</param>
    /// <param name="logger">For changes of state.</param>
    /// <param name="onTransition">Told of every change of an alarm, on the loop: it must be quick and must not
    /// throw.</param>
    /// <param name="feed">Gets every change of the live state; null where nobody follows it.</param>
    /// <exception cref="ArgumentException">A derived tag reads itself.</exception>
    public TwinEngine(
        TagTable tags, IReadOnlyList<AlarmDefinition> alarmDefinitions, IReadOnlyList<IPredictor> predictors,
        ILivenessProbe probe,
        ISampleLog log, TimeProvider time, ILogger logger, Action<AlarmTransition>? onTransition = null,
        TwinFeed? feed = null)
    {
        (this.log, this.time, this.logger, this.feed) = (log, time, logger, feed);
        this.onTransition = onTransition ?? (_ => { });
        now = time.GetUtcNow().UtcDateTime;
        nowTimestamp = time.GetTimestamp();
        lastTurnTicks = now.Ticks;
        alarms = new AlarmEngine(alarmDefinitions, tags.Count, log.Kept, logger);
        step = new TwinStep(tags, alarms, predictors, probe, now, collectsChanges: feed is not null);
        timer = time.CreateTimer(_ => Wake(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>When the loop last went round, UTC; while it is well, never longer ago than a few seconds. For the
    /// watchdog.</summary>
    public DateTime LastTurn => new(Volatile.Read(ref lastTurnTicks), DateTimeKind.Utc);

    /// <summary>Batches that wait in the inbox.</summary>
    public int Waiting => inbox.Reader.Count;

    /// <inheritdoc/>
    /// <exception cref="ChannelClosedException">The twin has been told to finish.</exception>
    public ValueTask PostAsync(SampleBatch batch, CancellationToken cancellation) =>
        inbox.Writer.WriteAsync(new Work(batch, null, null), cancellation);

    /// <summary>Does what an operator wants of an alarm, in its turn among the batches; answers when the journal has
    /// it.</summary>
    /// <exception cref="ChannelClosedException">The twin has been told to finish.</exception>
    /// <exception cref="OperationCanceledException">Cancelled, or the twin has stopped; what became of the command is
    /// then not known.</exception>
    public async ValueTask<AlarmCommandResult> CommandAsync(AlarmCommand command, CancellationToken cancellation)
    {
        var reply = new TaskCompletionSource<AlarmCommandResult>(TaskCreationOptions.RunContinuationsAsynchronously);
        await inbox.Writer.WriteAsync(new Work(null, command, reply), cancellation);
        return await reply.Task.WaitAsync(cancellation);
    }

    /// <summary>
    /// The twin between two batches. It is built only when somebody asks, at most once per batch, and shared by all who
    /// ask at the same time.
    /// </summary>
    /// <exception cref="OperationCanceledException">Cancelled, or the twin has stopped.</exception>
    public async ValueTask<TwinSnapshot> SnapshotAsync(CancellationToken cancellation)
    {
        var mine = new TaskCompletionSource<TwinSnapshot>(TaskCreationOptions.RunContinuationsAsynchronously);
        var wanted = Interlocked.CompareExchange(ref wantedSnapshot, mine, null) ?? mine;
        if (wanted == mine) Wake();
        if (inbox.Reader.Completion.IsCompleted) wanted.TrySetCanceled(CancellationToken.None);
        return await wanted.Task.WaitAsync(cancellation);
    }

    /// <summary>Takes nothing new; <see cref="RunAsync"/> returns when all that waits has been worked off.</summary>
    public void Complete() => inbox.Writer.TryComplete();

    /// <summary>The loop. It ends softly after <see cref="Complete"/>, hard when cancelled.</summary>
    public async Task RunAsync(CancellationToken cancellation)
    {
        try
        {
            Arm();
            while (await inbox.Reader.WaitToReadAsync(cancellation))
            {
                while (inbox.Reader.TryRead(out var work))
                {
                    answering = work.Reply;
                    var result = Do(in work);
                    await HandOnAsync(cancellation);
                    answering?.SetResult(result);
                    answering = null;
                    AnswerSnapshot();
                }

                Arm();
            }
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            LogStopped(inbox.Reader.Count);
        }
        finally
        {
            Complete();
            Abandon();
        }
    }

    public async ValueTask DisposeAsync()
    {
        Complete();
        await timer.DisposeAsync();
    }

    // When the inbox is full the loop is awake anyway, and sets the timer again when it has worked off what waits.
    private void Wake()
    {
        if (!inbox.Writer.TryWrite(default)) Volatile.Write(ref isWakeMissed, true);
    }

    private AlarmCommandResult Do(in Work work)
    {
        ReadClock();
        if (work.Batch is { } batch)
        {
            if (batch.IsHistory) step.Keep(batch.Samples, now);
            else step.Apply(batch.Samples, now);
            batch.Return();
        }
        else if (work.Command is { } command)
        {
            return step.Do(command, now);
        }
        else
        {
            armedFor = DateTime.MinValue;
            step.Tick(now);
        }

        return default;
    }

    private async ValueTask HandOnAsync(CancellationToken cancellation)
    {
        // First, so that whoever follows the live state does not wait for a full journal.
        feed?.Publish(step.Changes);
        for (var from = 0; from < step.Recorded.Length; from += LargestAppend)
        {
            var count = Math.Min(LargestAppend, step.Recorded.Length - from);
            while (!log.TryAppend(step.Recorded.Slice(from, count)))
            {
                backPressureWaits++;
                await log.WaitForRoomAsync(count, cancellation);
            }
        }

        // After the samples, so that one commit carries both.
        alarms.KeepChanges(log);
        for (var i = 0; i < step.Transitions.Count; i++) onTransition(step.Transitions[i]);
        step.Clear();
    }

    private void ReadClock()
    {
        var wall = time.GetUtcNow().UtcDateTime;
        var timestamp = time.GetTimestamp();
        var jump = wall - (now + time.GetElapsedTime(nowTimestamp, timestamp));
        if (jump.Duration() > ClockTolerance)
        {
            LogClockSet(jump);
            step.ShiftClock(jump);
            armedFor = DateTime.MinValue;
            now = wall;
        }

        now = wall > now ? wall : now;
        nowTimestamp = timestamp;
        Volatile.Write(ref lastTurnTicks, now.Ticks);
    }

    private void Arm()
    {
        var due = step.NextDue;
        var isMissed = Volatile.Read(ref isWakeMissed);
        if (!isMissed && armedFor > now && armedFor <= due) return;
        if (isMissed) Volatile.Write(ref isWakeMissed, false);
        armedFor = due;
        timer.Change(due > now ? due - now : TimeSpan.Zero, Timeout.InfiniteTimeSpan);
    }

    private void AnswerSnapshot()
    {
        if (Volatile.Read(ref wantedSnapshot) is null) return;
        var snapshot = step.Snapshot(now);
        snapshot = snapshot with { Counters = snapshot.Counters with { BackPressureWaits = backPressureWaits } };
        Interlocked.Exchange(ref wantedSnapshot, null)?.TrySetResult(snapshot);
    }

    // What still waits when the loop ends is told so; nobody waits for an answer that will not come.
    private void Abandon()
    {
        while (inbox.Reader.TryRead(out var work))
        {
            work.Batch?.Return();
            work.Reply?.TrySetCanceled(CancellationToken.None);
        }

        answering?.TrySetCanceled(CancellationToken.None);
        Interlocked.Exchange(ref wantedSnapshot, null)?.TrySetCanceled(CancellationToken.None);
    }

    [LoggerMessage(1510, LogLevel.Warning,
        "The clock was set by {Jump}; delays and windows go on as if it had not been")]
    private partial void LogClockSet(TimeSpan jump);

    [LoggerMessage(1511, LogLevel.Information, "The twin stopped hard with {Waiting} batches waiting")]
    private partial void LogStopped(int waiting);

    /// <summary>A batch, a command with its reply, or neither: time to look at the clock.</summary>
    private readonly record struct Work(SampleBatch? Batch, AlarmCommand? Command,
        TaskCompletionSource<AlarmCommandResult>? Reply);
}
