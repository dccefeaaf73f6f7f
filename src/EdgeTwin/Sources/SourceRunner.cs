using System.Threading.Channels;
using EdgeTwin.Tags;

namespace EdgeTwin.Sources;

/// <summary>
/// The life of one source: connects, scans at a fixed rate, and after a loss waits and begins again with a new driver
/// object. All retry, back-off, quality on loss, logging and metrics are here, so that drivers have none of it. One
/// loop owns the driver; <see cref="Status"/> and <see cref="TryProbe"/> may be called from anywhere.
/// </summary>
internal sealed class SourceRunner
{
    /// <summary>Read-backs that may wait at a time; further ones are refused.</summary>
    public const int MostProbes = 16;

    // Twice this is what a stalled driver can hold up a stop: once for its call, once for its closing.
    private static readonly TimeSpan Grace = TimeSpan.FromMilliseconds(400);

    private readonly SourceContext context;
    private readonly SourceDriver driver;
    private readonly ISampleInbox inbox;
    private readonly TimeProvider time;
    private readonly BackOff backOff;
    private readonly SourceMetrics metrics;
    private readonly WakeUp wake;
    private readonly Channel<TagId> probes = Channel.CreateBounded<TagId>(MostProbes);

    private readonly Lock gate = new(); // guards what follows up to the empty line
    private SourceState state = SourceState.Stopped;
    private DateTime since;
    private long scans;
    private long skipped;
    private long samples;
    private long reconnects;
    private string? lastError;
    private TimeSpan lastScan;
    private bool everDelivered;
    private bool delivering;
    private bool marked;
    private long? outageStart;
    private int failedAttempts;
    private bool bugReported;

    private volatile ISource? current;

    /// <param name="context">The source; its scan period must be longer than zero.</param>
    /// <param name="driver">Makes the driver objects.</param>
    /// <param name="inbox">Where samples go; when it is full the runner waits.</param>
    /// <param name="random">For the jitter of the back-off; shared randomness when absent.</param>
    /// <exception cref="ArgumentException">The scan period is not longer than zero.</exception>
    public SourceRunner(SourceContext context, SourceDriver driver, ISampleInbox inbox, Random? random = null)
    {
        if (context.Config.Scan <= TimeSpan.Zero)
        {
            throw new ArgumentException(
                $"source '{context.Name}': scan is {context.Config.Scan}, it must be longer than zero",
                nameof(context));
        }

        this.context = context;
        this.driver = driver;
        this.inbox = inbox;
        time = context.Time;
        since = UtcNow();
        backOff = new BackOff(random ?? Random.Shared);
        metrics = new SourceMetrics(context.Name);
        wake = new WakeUp(time);
    }

    /// <summary>The source's name in the configuration.</summary>
    public string Name => context.Name;

    /// <summary>The tags that it reads.</summary>
    public IReadOnlyList<SourceTag> Tags => context.Tags;

    /// <summary>How it is doing now.</summary>
    public SourceStatus Status
    {
        get
        {
            lock (gate)
                return new(Name, driver.Name, state, since, scans, skipped, samples, reconnects, lastError, lastScan);
        }
    }

    /// <summary>
    /// Asks for one tag to be read back between two scans; the answer arrives as an ordinary sample. False, and nothing
    /// happens, while the source is not connected, when its driver cannot, or when 16 wait already.
    /// </summary>
    public bool TryProbe(TagId tag)
    {
        if (current is IToldSource told) return told.TryProbe(tag);
        if (current is not IReadBackSource || !probes.Writer.TryWrite(tag)) return false;
        wake.Ring();
        return true;
    }

    /// <summary>
    /// Runs until cancelled, then returns within a second even where the driver does not. Once only.
    /// </summary>
    public async Task RunAsync(CancellationToken cancellation)
    {
        using var ring = cancellation.UnsafeRegister(static self => ((WakeUp)self!).Ring(), wake);
        // On a thread of the pool: a driver that blocks must not hold up the start of its neighbours.
        var loop = Task.Run(() => LoopAsync(cancellation), CancellationToken.None);
        await loop.WaitAsync(cancellation).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (!loop.IsCompleted)
        {
            await loop.WaitAsync(Grace, time, CancellationToken.None)
                .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        if (!loop.IsCompleted) await LeaveBehindAsync(loop);
        Enter(SourceState.Stopped);
        if (loop.IsFaulted) await loop;
    }

    private async Task LoopAsync(CancellationToken cancellation)
    {
        while (!cancellation.IsCancellationRequested)
        {
            var started = time.GetTimestamp();
            try
            {
                await ServeConnectionAsync(cancellation);
            }
            catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
            {
                return;
            }
            catch (Exception failure) // of any kind: the contract of ISource
            {
                await LoseAsync(failure, cancellation);
            }

            backOff.Delivered(time.GetElapsedTime(started));
            var due = Now() + backOff.Next();
            await SleepUntilAsync(due, cancellation);
        }
    }

    private async Task ServeConnectionAsync(CancellationToken cancellation)
    {
        Enter(SourceState.Connecting);
        var posts = new ConnectionInbox(inbox, Passing);
        ISource? source = null;
        try
        {
            source = driver.Create(context);
            current = source;
            if (source is IToldSource told) told.Losing = LoseAsync;
            await source.ConnectAsync(cancellation);
            await ScanAsync(source, posts, cancellation);
        }
        finally
        {
            current = null;
            posts.Close();
            while (probes.Reader.TryRead(out _)) continue;
            if (source is not null) await CloseAsync(source);
        }
    }

    private async Task ScanAsync(ISource source, ConnectionInbox posts, CancellationToken cancellation)
    {
        var schedule = new ScanSchedule(Now(), context.Config.Scan);
        while (true)
        {
            cancellation.ThrowIfCancellationRequested();
            var began = time.GetTimestamp();
            await source.ReadAsync(posts, cancellation);
            var left = schedule.MoveOn(Now());
            Scanned(time.GetElapsedTime(began), left);
            while (Now() < schedule.Due)
            {
                if (source is IReadBackSource readable && probes.Reader.TryRead(out var tag))
                    await ReadBackAsync(readable, tag, posts, cancellation);
                else
                    await wake.SleepAsync(schedule.Due - Now());
                cancellation.ThrowIfCancellationRequested();
            }
        }
    }

    private async Task ReadBackAsync(
        IReadBackSource source, TagId tag, ConnectionInbox posts, CancellationToken cancellation)
    {
        Sample sample;
        try
        {
            sample = await source.ReadBackAsync(tag, cancellation);
        }
        catch (TimeoutException)
        {
            // No answer for this one tag is the answer to the question, and no reason to drop its neighbours.
            sample = BadSample(tag, StatusCode.BadTimeout, UtcNow());
        }

        var batch = SampleBatch.Rent();
        batch.Add(sample);
        await posts.PostAsync(batch, cancellation);
    }

    private async Task SleepUntilAsync(TimeSpan due, CancellationToken cancellation)
    {
        while (!cancellation.IsCancellationRequested && Now() < due)
            await wake.SleepAsync(due - Now());
    }

    private async ValueTask LoseAsync(Exception failure, CancellationToken cancellation)
    {
        bool first, bug, mark;
        var error = Describe(failure);
        lock (gate)
        {
            first = outageStart is null;
            outageStart ??= time.GetTimestamp();
            failedAttempts = first ? 0 : failedAttempts + 1;
            bug = IsDriverBug(failure) && !bugReported;
            bugReported |= bug;
            mark = !marked;
            marked = true;
            delivering = false;
            lastError = error;
        }

        Enter(SourceState.Disconnected);
        if (first) metrics.Lost();
        if (bug) SourceLog.DriverBug(context.Logger, failure, Name, driver.Name);
        if (first) SourceLog.Lost(context.Logger, Name, error, Tags.Count);
        if (mark) await PostNoCommunicationAsync(cancellation);
    }

    private async Task PostNoCommunicationAsync(CancellationToken cancellation)
    {
        if (Tags.Count == 0) return;
        var batch = SampleBatch.Rent();
        var now = UtcNow();
        foreach (var tag in Tags) batch.Add(BadSample(tag.Definition.Id, StatusCode.BadNoCommunication, now));
        await inbox.PostAsync(batch, cancellation);
    }

    private void Passing(int count)
    {
        lock (gate)
        {
            samples += count;
            marked = false;
        }

        metrics.Sampled(count);
        Deliver();
    }

    private void Scanned(TimeSpan duration, long left)
    {
        lock (gate)
        {
            scans++;
            skipped += left;
            lastScan = duration;
        }

        metrics.Scanned(duration);
        if (left > 0) metrics.Skipped(left);
        Deliver();
    }

    /// <summary>The first batch or the first completed scan of a connection: now the source is there.</summary>
    private void Deliver()
    {
        bool first;
        long? outage;
        int attempts;
        lock (gate)
        {
            if (delivering) return;
            delivering = true;
            first = !everDelivered;
            everDelivered = true;
            outage = outageStart;
            outageStart = null;
            attempts = failedAttempts;
            failedAttempts = 0;
            bugReported = false;
            if (outage is not null) reconnects++;
        }

        Enter(SourceState.Running);
        if (first) SourceLog.Delivering(context.Logger, Name, driver.Name, Tags.Count, context.Config.Scan);
        if (outage is not { } start) return;
        metrics.Reconnected();
        SourceLog.Recovered(context.Logger, Name, time.GetElapsedTime(start), attempts);
    }

    private async Task CloseAsync(ISource source)
    {
        try
        {
            await source.DisposeAsync().AsTask().WaitAsync(Grace, time);
        }
        catch (Exception failure) // a driver that cannot even close is no reason to stop the gateway
        {
            SourceLog.NotClosed(context.Logger, Name, driver.Name, Describe(failure));
        }
    }

    /// <summary>The driver ignored the cancellation: closing it under its feet is the last means.</summary>
    private async Task LeaveBehindAsync(Task loop)
    {
        if (current is { } source) await CloseAsync(source);
        if (loop.IsCompleted) return;
        SourceLog.Abandoned(context.Logger, Name, driver.Name, Grace);
        _ = loop.ContinueWith(
            static ended => ended.Exception, CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted,
            TaskScheduler.Default);
    }

    private void Enter(SourceState next)
    {
        lock (gate)
        {
            if (state == next) return;
            // An outage is one state, however many attempts it takes.
            if (next == SourceState.Connecting && outageStart is not null) return;
            state = next;
            since = UtcNow();
        }
    }

    private Sample BadSample(TagId tag, StatusCode status, DateTime now) =>
        new(tag, TagValue.None, status, now, now, context.Clock());

    // Monotonic, from an arbitrary zero.
    private TimeSpan Now() => time.GetElapsedTime(0);

    private DateTime UtcNow() => time.GetUtcNow().UtcDateTime;

    private static string Describe(Exception failure) =>
        failure.InnerException is { } inner && inner.Message != failure.Message
        ? $"{failure.Message} ({inner.Message})"
        : failure.Message;

    /// <summary>Exceptions that come from a mistake in the code, not from the far side.</summary>
    private static bool IsDriverBug(Exception failure) => failure is NullReferenceException or ArgumentException
        or IndexOutOfRangeException or InvalidCastException or NotImplementedException or NotSupportedException
        or KeyNotFoundException or ArithmeticException or FormatException
        || failure is InvalidOperationException and not ObjectDisposedException;
}
