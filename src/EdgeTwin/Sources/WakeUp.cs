using System.Threading.Tasks.Sources;

namespace EdgeTwin.Sources;

/// <summary>
/// A sleep that ends when its time is over or when somebody rings, reusable and without allocation, because a runner
/// sleeps ten times a second for years. One sleeper; anybody may ring. It may end early: the sleeper looks at the
/// clock. It needs no disposal: a timer that is not set is held by nobody.
/// </summary>
internal sealed class WakeUp : IValueTaskSource
{
    private static readonly TimeSpan Longest = TimeSpan.FromDays(1);

    private readonly Lock gate = new();
    private readonly ITimer timer;
    private ManualResetValueTaskSourceCore<bool> core;
    private bool sleeping;
    private bool rung;

    public WakeUp(TimeProvider time)
    {
        using var withoutContext = ExecutionContext.SuppressFlow();
        timer = time.CreateTimer(
            static self => ((WakeUp)self!).End(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    public ValueTask SleepAsync(TimeSpan atMost)
    {
        lock (gate)
        {
            if (rung || atMost <= TimeSpan.Zero)
            {
                rung = false;
                return ValueTask.CompletedTask;
            }

            core.Reset();
            sleeping = true;
            // Timers count whole milliseconds: rounded up, or the sleeper would spin through the last fraction.
            var milliseconds = Math.Ceiling((atMost < Longest ? atMost : Longest).TotalMilliseconds);
            // Under the lock, like the one in Ring: in the other order this one would undo the bell.
            timer.Change(TimeSpan.FromMilliseconds(milliseconds), Timeout.InfiniteTimeSpan);
        }

        return new ValueTask(this, core.Version);
    }

    /// <summary>Ends this sleep, or the next one when nobody sleeps. The sleeper goes on on a thread of the
    /// pool.</summary>
    public void Ring()
    {
        lock (gate)
        {
            rung = true;
            if (sleeping) timer.Change(TimeSpan.Zero, Timeout.InfiniteTimeSpan);
        }
    }

    void IValueTaskSource.GetResult(short token) => core.GetResult(token);

    ValueTaskSourceStatus IValueTaskSource.GetStatus(short token) => core.GetStatus(token);

    void IValueTaskSource.OnCompleted(
        Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        core.OnCompleted(continuation, state, token, flags);

    private void End()
    {
        lock (gate)
        {
            if (!sleeping) return;
            sleeping = false;
            rung = false;
        }

        core.SetResult(true);
    }
}
