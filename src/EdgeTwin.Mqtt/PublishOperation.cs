using System.Collections.Concurrent;
using System.Threading.Tasks.Sources;

namespace EdgeTwin.Mqtt;

/// <summary>The wait for one PUBACK or PUBCOMP, pooled so that publishing allocates nothing in steady state.</summary>
internal sealed class PublishOperation : IMqttPublishObserver, IValueTaskSource
{
    private const int MostKept = 256;
    private static readonly ConcurrentQueue<PublishOperation> Pool = new();
    private ManualResetValueTaskSourceCore<bool> core = new() { RunContinuationsAsynchronously = true };

    private PublishOperation()
    {
    }

    /// <summary>To be awaited exactly once; the operation then returns to its pool.</summary>
    public ValueTask Completion => new(this, core.Version);

    public static PublishOperation Rent() => Pool.TryDequeue(out var operation) ? operation : new PublishOperation();

    /// <summary>Gives back an operation that was never handed to a session.</summary>
    public void Return()
    {
        core.Reset();
        if (Pool.Count < MostKept) Pool.Enqueue(this);
    }

    public void Acknowledged(long token) => core.SetResult(true);

    public void Refused(long token, MqttException reason) => core.SetException(reason);

    public void Lost(long token, MqttException reason) => core.SetException(reason);

    void IValueTaskSource.GetResult(short token)
    {
        try
        {
            core.GetResult(token);
        }
        finally
        {
            Return();
        }
    }

    ValueTaskSourceStatus IValueTaskSource.GetStatus(short token) => core.GetStatus(token);

    void IValueTaskSource.OnCompleted(
        Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        core.OnCompleted(continuation, state, token, flags);
}
