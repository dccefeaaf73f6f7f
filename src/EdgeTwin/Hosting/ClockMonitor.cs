using EdgeTwin.Tags;
using Microsoft.Extensions.Logging;

namespace EdgeTwin.Hosting;

/// <summary>
/// Says whether the clock that stamps samples is synchronised. Every sample asks, so the answer is kept for some
/// seconds;
/// any thread may ask. Where the kernel does not say, the clock counts as unsynchronised.
/// </summary>
/// <param name="time">Clock of the interval.</param>
/// <param name="logger">For changes of the state.</param>
/// <param name="read">Asks the kernel.</param>
internal sealed partial class ClockMonitor(TimeProvider time, ILogger logger, Func<KernelClock?> read)
{
    /// <summary>How long an answer is good for. The kernel itself takes up to 16 s to notice that its time service
    /// died.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(10);

    private readonly Lock gate = new();
    private readonly long intervalTicks = (long)(Interval.TotalSeconds * time.TimestampFrequency);
    private long nextRead = long.MinValue;
    private volatile ClockState state;
    private bool known;

    public ClockMonitor(TimeProvider time, ILogger logger)
        : this(time, logger, KernelClock.Read)
    {
    }

    /// <summary>State of the clock, at most <see cref="Interval"/> old.</summary>
    public ClockState State
    {
        get
        {
            if (time.GetTimestamp() >= Volatile.Read(ref nextRead)) Refresh();
            return state;
        }
    }

    private void Refresh()
    {
        lock (gate)
        {
            var now = time.GetTimestamp();
            if (now < nextRead) return;
            var fresh = read() is { IsSynchronised: true } ? ClockState.Synchronised : ClockState.Unsynchronised;
            if (!known || fresh != state) LogState(fresh);
            known = true;
            state = fresh;
            Volatile.Write(ref nextRead, now + intervalTicks);
        }
    }

    [LoggerMessage(1720, LogLevel.Information, "The clock is {State}")]
    private partial void LogState(ClockState state);
}
