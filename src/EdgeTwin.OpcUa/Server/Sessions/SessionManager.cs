using System.Collections.Concurrent;
using EdgeTwin.OpcUa.Channel;
using EdgeTwin.OpcUa.Schema;
using EdgeTwin.OpcUa.Types;
using Microsoft.Extensions.Logging;

namespace EdgeTwin.OpcUa.Server.Sessions;

/// <summary>The ends of sessions, and who is told of them. One timer of the server looks after all deadlines.</summary>
internal sealed class SessionManager(SessionTable table, ILogger logger) : ISessionListener
{
    private readonly List<ISessionListener> listeners = []; // filled before the server starts
    private readonly ConcurrentDictionary<Session, bool> ending = []; // closed, with requests still under way

    /// <summary>The open ones.</summary>
    public SessionTable Table { get; } = table;

    /// <summary>Sessions made so far.</summary>
    public uint CreatedCount { get; private set; }

    /// <summary>Sessions that ended because nothing came.</summary>
    public uint TimeoutCount { get; private set; }

    /// <summary>Sessions that the server ended for another reason: never activated, used before, made room.</summary>
    public uint AbortCount { get; private set; }

    /// <summary>Sessions that were refused, or never activated.</summary>
    public uint RejectedCount { get; private set; }

    /// <summary>Those of them for reasons of security.</summary>
    public uint SecurityRejectedCount { get; private set; }

    public void Add(ISessionListener listener) => listeners.Add(listener);

    /// <inheritdoc/>
    public void OnSessionActivated(Session session, bool first)
    {
        if (first) ServerLog.SessionActivated(logger, session.Name, session.User.Name, session.Connection?.Remote);
        foreach (var listener in listeners) listener.OnSessionActivated(session, first);
        Mark(session.Connection);
    }

    /// <inheritdoc/>
    public void OnSessionClosed(Session session, bool deleteSubscriptions, StatusCode reason)
    {
        foreach (var listener in listeners) listener.OnSessionClosed(session, deleteSubscriptions, reason);
    }

    /// <summary>Counts a new one.</summary>
    public void Created() => CreatedCount++;

    /// <summary>Counts a refused one.</summary>
    public void Rejected(StatusCode status)
    {
        RejectedCount++;
        if (status != StatusCodes.BadTooManySessions && status != StatusCodes.BadServerUriInvalid)
            SecurityRejectedCount++;
    }

    /// <summary>Ends a session.</summary>
    public void Close(Session session, bool deleteSubscriptions, StatusCode reason)
    {
        Table.Remove(session);
        if (!session.TryClose()) return;
        if (reason == StatusCodes.BadTimeout && session.IsActivated)
        {
            TimeoutCount++;
            ServerLog.SessionTimedOut(logger, session.Name, session.Timeout.TotalSeconds);
        }

        else if (reason != StatusCodes.Good)
        {
            AbortCount++;
        }

        // Held until they are over: who stops the server waits for them.
        ending.TryAdd(session, true);
        session.Pending.CancelAll(StatusCodes.BadSessionClosed);
        OnSessionClosed(session, deleteSubscriptions, reason);
        Mark(session.Connection);
    }

    /// <summary>Ends what has been silent for too long; called about once a second.</summary>
    public void Sweep(long now)
    {
        // Lost sessions leave their subscriptions to be transferred (§5.14.7).
        foreach (var session in Table.Expired(now)) Close(session, deleteSubscriptions: false, StatusCodes.BadTimeout);
        foreach (var session in Table.All) session.Pending.Expire(now);
        foreach (var (session, _) in ending)
        {
            if (session.Pending.IsEmpty) ending.TryRemove(session, out _);
        }
    }

    /// <summary>A connection ended: its sessions wait for their clients over another one.</summary>
    public void OnConnectionClosed(IServerConnection connection) => Table.Unbind(connection);

    /// <summary>Ends all sessions and waits for their requests.</summary>
    public async Task CloseAllAsync()
    {
        foreach (var session in Table.All) Close(session, deleteSubscriptions: true, StatusCodes.BadShutdown);
        foreach (var (session, _) in ending) await session.Pending.WhenFinished();
        ending.Clear();
    }

    // A connection that a session uses is the last to be dropped when connections run short.
    private void Mark(IServerConnection? connection)
    {
        if (connection is not null) connection.HasSession = Table.IsBound(connection);
    }
}
