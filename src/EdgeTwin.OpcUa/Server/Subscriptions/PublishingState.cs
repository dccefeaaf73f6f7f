namespace EdgeTwin.OpcUa.Server.Subscriptions;

/// <summary>The state machine of a subscription (OPC 10000-4 §5.14.1.2) without I/O and without a clock: it is told
/// when a publishing cycle ends and when a response goes out. Its states NORMAL and KEEPALIVE differ only in the
/// counter, LATE is
/// <see cref="IsLate"/>.</summary>
internal sealed class PublishingState
{
    private uint cyclesWithoutResponse;
    private uint cyclesWithoutRequest;
    private bool responded;

    /// <summary>Cycles without a response after which a keep-alive is due; 1 and up.</summary>
    public uint KeepAliveCount { get; set; } = 1;

    /// <summary>Cycles without a Publish request after which the subscription ends; at least three times
    /// <see cref="KeepAliveCount"/>.</summary>
    public uint LifetimeCount { get; set; } = 3;

    /// <summary>A response is due and goes out with the next Publish request.</summary>
    public bool IsLate { get; private set; }

    /// <summary>The cycles that have passed without a response, for diagnostics.</summary>
    public uint CurrentKeepAliveCount => cyclesWithoutResponse;

    /// <summary>The cycles that have passed without a Publish request, for diagnostics.</summary>
    public uint CurrentLifetimeCount => cyclesWithoutRequest;

    /// <summary>A publishing cycle has ended.</summary>
    /// <param name="hasNotifications">Something is to be reported, and publishing is enabled.</param>
    /// <param name="requestsWait">A Publish request is there to be answered.</param>
    /// <returns>False when the lifetime has ended: the subscription is to be deleted.</returns>
    public bool EndCycle(bool hasNotifications, bool requestsWait)
    {
        // The lifetime counts only cycles without any Publish request (§5.14.1.1).
        cyclesWithoutRequest = requestsWait ? 0 : cyclesWithoutRequest + 1;
        if (cyclesWithoutRequest >= LifetimeCount)
        {
            return false;
        }

        if (cyclesWithoutResponse < uint.MaxValue)
        {
            cyclesWithoutResponse++;
        }

        // The first cycle answers even without data: the client learns that the subscription works.
        IsLate |= hasNotifications || !responded || cyclesWithoutResponse >= KeepAliveCount;
        return true;
    }

    /// <summary>A response has gone out.</summary>
    /// <param name="more">Notifications are left that had no room: the next request is answered at once.</param>
    public void Responded(bool more)
    {
        cyclesWithoutResponse = 0;
        cyclesWithoutRequest = 0;
        responded = true;
        IsLate = more;
    }

    /// <summary>A service named the subscription: its lifetime starts over.</summary>
    public void Touch() => cyclesWithoutRequest = 0;

    /// <summary>A new session has it: its first cycle there answers in any case.</summary>
    public void Transferred()
    {
        responded = false;
        cyclesWithoutRequest = 0;
    }
}
