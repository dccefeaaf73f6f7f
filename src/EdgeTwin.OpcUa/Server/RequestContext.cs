using EdgeTwin.OpcUa.Channel;
using EdgeTwin.OpcUa.Schema;
using EdgeTwin.OpcUa.Server.Sessions;
using EdgeTwin.OpcUa.Server.Users;
using EdgeTwin.OpcUa.Types;

namespace EdgeTwin.OpcUa.Server;

/// <summary>One request while it is handled: where it came from, and what its header asked for. One object per
/// request, so that a
/// handler that goes on asynchronously may keep it.</summary>
internal sealed class RequestContext
{
    private CancellationTokenSource? cancellation;

    /// <summary>The session that asked; never null in a session's service.</summary>
    public required Session Session { get; init; }

    /// <summary>Where it came from and where the answer goes.</summary>
    public required IServerConnection Connection { get; init; }

    /// <summary>Ties the answer to the request on the connection.</summary>
    public required uint RequestId { get; init; }

    /// <summary>The client's handle, echoed in the response and named by Cancel.</summary>
    public required uint RequestHandle { get; init; }

    /// <summary>How long the client waits, in milliseconds; 0 is for ever.</summary>
    public uint TimeoutHint { get; init; }

    /// <summary>Mask of the diagnostics that the client asks for (OPC 10000-4 §7.32).</summary>
    public uint ReturnDiagnostics { get; init; }

    /// <summary>The client's id for the audit trail; may be null.</summary>
    public string? AuditEntryId { get; init; }

    /// <summary>The clock when the request was received; one "now" for the whole request.</summary>
    public required DateTime UtcNow { get; init; }

    /// <summary>Monotonic time of the same moment, in ticks of 100 ns.</summary>
    public required long Timestamp { get; init; }

    /// <summary>Ends a handler that goes on asynchronously: Cancel, the time-out hint, the session's end, the
    /// server's stop.</summary>
    public CancellationToken CancellationToken => Cancellation.Token;

    /// <summary>Why it was cancelled: the code that the client gets.</summary>
    public StatusCode CancelReason { get; private set; } = StatusCodes.BadRequestCancelledByClient;

    /// <summary>Who asks.</summary>
    public UserIdentity User => Session.User;

    // Made on first use: nearly every request is answered before anybody asks.
    private CancellationTokenSource Cancellation =>
        cancellation ?? Interlocked.CompareExchange(ref cancellation, new CancellationTokenSource(), null)
            ?? cancellation;

    /// <summary>Ends it; the client is answered <paramref name="reason"/>.</summary>
    public void Cancel(StatusCode reason)
    {
        CancelReason = reason;
        Cancellation.Cancel();
    }
}
