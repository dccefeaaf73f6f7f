using System.Collections.Concurrent;
using EdgeTwin.OpcUa.Channel;

namespace EdgeTwin.OpcUa.Server.Sessions;

/// <summary>The sessions of the server, by their tokens. Bounded: an attacker's half-made sessions are dropped before
/// a client is
/// refused.</summary>
internal sealed class SessionTable(SessionLimits limits)
{
    // A client activates what it created before it creates more; whoever does not only displaces himself.
    private const int MostUnactivatedOfConnection = 3;

    private readonly ConcurrentDictionary<SessionToken, Session> sessions = [];
    private readonly Lock gate = new(); // guards additions against the limit

    public int Count => sessions.Count;

    /// <summary>A snapshot in the order of their making.</summary>
    public Session[] All => [.. sessions.Values.OrderBy(static session => session.ConnectedAt)];

    public Session? Find(in SessionToken token) => sessions.GetValueOrDefault(token);

    /// <summary>Adds a new one.</summary>
    /// <param name="session">It.</param>
    /// <param name="dropped">One that was never activated and had to make room; to be closed by the caller.</param>
    /// <returns>False when the server is full of sessions in use.</returns>
    public bool TryAdd(Session session, out Session? dropped)
    {
        lock (gate)
        {
            dropped = OldestUnactivated(session.Connection, MostUnactivatedOfConnection);
            if (dropped is null && sessions.Count >= limits.MaxSessions)
            {
                dropped = OldestUnactivated(null, 1);
                if (dropped is null) return false;
            }

            if (dropped is not null) sessions.TryRemove(dropped.Token, out _);
            return sessions.TryAdd(session.Token, session);
        }
    }

    public void Remove(Session session) => sessions.TryRemove(session.Token, out _);

    /// <summary>Those without a word for too long.</summary>
    public List<Session> Expired(long now)
    {
        var expired = new List<Session>();
        foreach (var (_, session) in sessions)
        {
            // Requests do not prolong the life of a session that is not activated.
            var silent = TimeSpan.FromTicks(now - session.LastContact);
            if (silent >= (session.IsActivated ? session.Timeout : limits.ActivationTimeout)) expired.Add(session);
        }

        return expired;
    }

    /// <summary>A connection ended: its sessions wait for their clients to come back over another one.</summary>
    public void Unbind(IServerConnection connection)
    {
        foreach (var (_, session) in sessions)
        {
            if (ReferenceEquals(session.Connection, connection)) session.Connection = null;
        }
    }

    /// <summary>Whether an activated session uses a connection.</summary>
    public bool IsBound(IServerConnection connection)
    {
        foreach (var (_, session) in sessions)
        {
            if (session.IsActivated && ReferenceEquals(session.Connection, connection)) return true;
        }

        return false;
    }

    /// <summary>The oldest one when there are at least <paramref name="atLeast"/>, of a connection or of all.</summary>
    private Session? OldestUnactivated(IServerConnection? connection, int atLeast)
    {
        Session? oldest = null;
        var count = 0;
        foreach (var (_, session) in sessions)
        {
            if (session.IsActivated) continue;
            if (connection is not null && !ReferenceEquals(session.Connection, connection)) continue;
            count++;
            if (oldest is null || session.LastContact < oldest.LastContact) oldest = session;
        }

        return count >= atLeast ? oldest : null;
    }
}
