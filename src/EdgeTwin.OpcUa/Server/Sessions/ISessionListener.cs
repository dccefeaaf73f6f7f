using EdgeTwin.OpcUa.Types;

namespace EdgeTwin.OpcUa.Server.Sessions;

/// <summary>Told of the ends of sessions: subscriptions, continuation points and diagnostics follow them. Called
/// without any lock of
/// the session table held.</summary>
internal interface ISessionListener
{
    /// <summary>A session was activated; <paramref name="first"/> is false when its user or its connection
    /// changed.</summary>
    void OnSessionActivated(Session session, bool first);

    /// <summary>A session ended.</summary>
    /// <param name="session">It; already closed, no longer found by its token.</param>
    /// <param name="deleteSubscriptions">False leaves its subscriptions alive until their lifetime ends
    /// (§5.7.4).</param>
    /// <param name="reason">Good when the client closed it, BadSessionClosed, or BadTimeout.</param>
    void OnSessionClosed(Session session, bool deleteSubscriptions, StatusCode reason);
}
