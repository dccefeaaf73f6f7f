using System.Threading.Tasks.Sources;

namespace EdgeTwin.OpcUa.Channel;

/// <summary>A slot for a request that waits for its answer. Its id tells slot and turn, so that a late answer finds
/// nobody. Reused; every field is guarded by the table.</summary>
internal sealed class PendingRequest : IValueTaskSource<ReceivedMessage>
{
    private ManualResetValueTaskSourceCore<ReceivedMessage> source;

    public PendingRequest(int slot, bool inline) =>
        (Slot, source) = (slot, new() { RunContinuationsAsynchronously = !inline });

    public int Slot { get; }

    public uint Id { get; set; }

    /// <summary>When it has waited too long, in monotonic time.</summary>
    public TimeSpan DueAt { get; set; }

    public bool IsWaiting { get; set; }

    public ValueTask<ReceivedMessage> Completion => new(this, source.Version);

    public void Reset() => source.Reset();

    public void Succeed(ReceivedMessage message) => source.SetResult(message);

    public void Fail(Exception cause) => source.SetException(cause);

    public ReceivedMessage GetResult(short token) => source.GetResult(token);

    public ValueTaskSourceStatus GetStatus(short token) => source.GetStatus(token);

    public void OnCompleted(
        Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        source.OnCompleted(continuation, state, token, flags);
}
