using System.Threading.Tasks.Sources;

namespace EdgeTwin.Modbus;

/// <summary>
/// One place for a request that waits for its answer; used again and again, so that a request allocates nothing. Its
/// fields belong to the connection's lock; the awaiter sees only the value task.
/// </summary>
internal sealed class PendingRequest(int slot, TimerCallback expired, TimeProvider time)
    : IValueTaskSource<int>, IDisposable
{
    private readonly ITimer timer = CreateTimer(slot, expired, time);
    private ManualResetValueTaskSourceCore<int> core;
    private long began;
    private TimeSpan patience;

    public int Slot => slot;

    public byte[] Message { get; } = new byte[MbapHeader.LongestMessage];

    public Memory<byte> Answer { get; private set; }

    /// <summary>The request is with the session and waits.</summary>
    public bool IsWaiting { get; set; }

    /// <summary>Bytes of it may be half on the wire; giving it up then costs the connection.</summary>
    public bool IsSending { get; set; }

    public ValueTask<int> Completion => new(this, core.Version);

    public void Begin(Memory<byte> answer, TimeSpan timeout)
    {
        core.Reset();
        Answer = answer;
        IsWaiting = true;
        IsSending = true;
        began = time.GetTimestamp();
        patience = timeout;
        timer.Change(timeout, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Whether there is time left; the timer is then set for the rest of it.</summary>
    public bool IsRearmed()
    {
        var left = patience - time.GetElapsedTime(began);
        if (left <= TimeSpan.Zero) return false;
        timer.Change(left + TimeSpan.FromMilliseconds(1), Timeout.InfiniteTimeSpan);
        return true;
    }

    /// <summary>Takes it out of waiting; what follows is <see cref="Succeed"/> or <see cref="Fail"/>, outside the
    /// lock.</summary>
    public void End()
    {
        IsWaiting = false;
        timer.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    public void Succeed(int bytes) => core.SetResult(bytes);

    public void Fail(Exception cause) => core.SetException(cause);

    public void Dispose() => timer.Dispose();

    public int GetResult(short token) => core.GetResult(token);

    public ValueTaskSourceStatus GetStatus(short token) => core.GetStatus(token);

    public void OnCompleted(Action<object?> continuation, object? state, short token,
        ValueTaskSourceOnCompletedFlags flags) =>
        core.OnCompleted(continuation, state, token, flags);

    private static ITimer CreateTimer(int slot, TimerCallback expired, TimeProvider time)
    {
        // A timer keeps the execution context of its maker alive; this one lives as long as the connection.
        using (ExecutionContext.SuppressFlow())
            return time.CreateTimer(expired, slot, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }
}
