namespace EdgeTwin.OpcUa.Server.Sessions;

/// <summary>A request that goes on asynchronously.</summary>
/// <param name="context">The request.</param>
/// <param name="deadline">Monotonic time at which its time-out hint has passed, in ticks of 100 ns;
/// <see cref="long.MaxValue"/> is never.</param>
internal sealed class PendingRequest(RequestContext context, long deadline)
{
    public RequestContext Context { get; } = context;

    public long Deadline { get; } = deadline;

    /// <summary>Ends when the answer is sent and the handler is done; does not fail.</summary>
    public Task Finished { get; set; } = Task.CompletedTask;
}
