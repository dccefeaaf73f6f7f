using System.Threading.Tasks.Sources;

namespace EdgeTwin.Upstream;

/// <summary>Wakes one waiting loop, again and again, without allocating. A call that finds nobody waiting is
/// remembered.</summary>
internal sealed class PumpSignal : IValueTaskSource
{
    private const int Idle = 0;
    private const int Waiting = 1;
    private const int Raised = 2;
    private ManualResetValueTaskSourceCore<bool> core;
    private int state;

    /// <summary>Completes with the next <see cref="Raise"/>, or at once when one has come since the last
    /// wait.</summary>
    public ValueTask WaitAsync()
    {
        if (Interlocked.CompareExchange(ref state, Idle, Raised) == Raised) return default;
        core.Reset();
        if (Interlocked.CompareExchange(ref state, Waiting, Idle) == Idle) return new ValueTask(this, core.Version);
        Interlocked.Exchange(ref state, Idle);
        return default;
    }

    /// <summary>Wakes the loop.</summary>
    /// <param name="inline">On this thread, to save a change of threads; only where the thread may be used for a
    /// while.</param>
    public void Raise(bool inline)
    {
        while (true)
        {
            if (Interlocked.CompareExchange(ref state, Idle, Waiting) == Waiting)
            {
                core.RunContinuationsAsynchronously = !inline;
                core.SetResult(true);
                return;
            }
            var seen = Interlocked.CompareExchange(ref state, Raised, Idle);
            if (seen != Waiting) return;
        }
    }

    void IValueTaskSource.GetResult(short token) => core.GetResult(token);

    ValueTaskSourceStatus IValueTaskSource.GetStatus(short token) => core.GetStatus(token);

    void IValueTaskSource.OnCompleted(
        Action<object?> continuation, object? waiter, short token, ValueTaskSourceOnCompletedFlags flags) =>
        core.OnCompleted(continuation, waiter, token, flags);
}
