using System.Threading.Tasks.Sources;

namespace EdgeTwin.Journal;

/// <summary>
/// Wakes one waiter, again and again, without allocating. The waiter announces itself, looks whether what it waits for
/// has happened meanwhile, and only then waits; so no wake-up is lost. Its continuation runs on the thread pool, never
/// on the thread that wakes it.
/// </summary>
internal sealed class AsyncSignal : IValueTaskSource
{
    private const int Idle = 0;
    private const int Waiting = 1;

    private ManualResetValueTaskSourceCore<bool> core = new() { RunContinuationsAsynchronously = true };
    private CancellationTokenRegistration cancellation;
    private CancellationToken token;
    private int state;

    /// <summary>Completes with the next <see cref="Wake"/>, or at once when the condition holds already.</summary>
    /// <exception cref="InvalidOperationException">Somebody waits already.</exception>
    public ValueTask WaitAsync<T>(T subject, Func<T, bool> holds, CancellationToken cancel)
    {
        if (holds(subject)) return ValueTask.CompletedTask;
        if (Volatile.Read(ref state) == Waiting) throw new InvalidOperationException("only one may wait");
        core.Reset();
        token = cancel;
        Interlocked.Exchange(ref state, Waiting);
        cancellation = cancel.UnsafeRegister(static signal => ((AsyncSignal)signal!).Cancel(), this);
        if (!holds(subject) || Interlocked.CompareExchange(ref state, Idle, Waiting) != Waiting)
            return new ValueTask(this, core.Version);
        Forget();
        return ValueTask.CompletedTask;
    }

    /// <summary>Lets the waiter go on, if there is one. What it waits for must be visible before.</summary>
    public void Wake()
    {
        if (Volatile.Read(ref state) == Waiting && Interlocked.CompareExchange(ref state, Idle, Waiting) == Waiting)
            core.SetResult(true);
    }

    void IValueTaskSource.GetResult(short version)
    {
        Forget();
        core.GetResult(version);
    }

    ValueTaskSourceStatus IValueTaskSource.GetStatus(short version) => core.GetStatus(version);

    void IValueTaskSource.OnCompleted(
        Action<object?> continuation, object? waiter, short version, ValueTaskSourceOnCompletedFlags flags) =>
        core.OnCompleted(continuation, waiter, version, flags);

    // Waits for a cancellation that is under way, so that it cannot hit the next wait.
    private void Forget() => cancellation.Dispose();

    private void Cancel()
    {
        if (Interlocked.CompareExchange(ref state, Idle, Waiting) == Waiting)
            core.SetException(new OperationCanceledException(token));
    }
}
