using EdgeTwin.OpcUa.Client.Transport;
using EdgeTwin.OpcUa.Encoding;
using EdgeTwin.OpcUa.Schema;
using EdgeTwin.OpcUa.Types;

namespace EdgeTwin.Tests.OpcUa.Client;

/// <summary>A channel to a <see cref="ScriptedServer"/>.</summary>
internal sealed class ScriptedTransport(ScriptedServer server, TimeProvider time) : IClientTransport
{
    private readonly TaskCompletionSource<StatusCode> closed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource broken = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Task<StatusCode> Closed => closed.Task;

    public bool IsOpen => !closed.Task.IsCompleted;

    /// <summary>Whether nothing passes any more, and nobody is told.</summary>
    public bool IsDead { get; set; }

    public async ValueTask<TResponse> SendAsync<TRequest, TResponse>(
        TRequest request, TimeSpan timeout, CancellationToken cancellation)
        where TRequest : IServiceRequest
        where TResponse : IServiceResponse, IStructure<TResponse>
    {
        if (!IsOpen) throw new OpcUaException(StatusCodes.BadConnectionClosed, "closed");
        var never = new TaskCompletionSource<IServiceResponse>();
        var answer = IsDead ? never.Task : server.Answer(this, request);
        try
        {
            var first = await Task.WhenAny(answer, broken.Task).WaitAsync(timeout, time, cancellation);
            if (first == broken.Task) throw new OpcUaException(StatusCodes.BadConnectionClosed, "closed");
            return (TResponse)await answer;
        }
        catch (TimeoutException e)
        {
            throw new OpcUaException(StatusCodes.BadRequestTimeout, "no answer", e);
        }
    }

    public void Close(StatusCode reason)
    {
        closed.TrySetResult(reason);
        broken.TrySetResult();
    }

    public ValueTask DisposeAsync()
    {
        Close(StatusCodes.Good);
        return ValueTask.CompletedTask;
    }
}
