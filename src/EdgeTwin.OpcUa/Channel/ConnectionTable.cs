using EdgeTwin.OpcUa.Schema;

namespace EdgeTwin.OpcUa.Channel;

/// <summary>The connections of a listener, and which of them goes when there are too many.</summary>
internal sealed class ConnectionTable(int maxConnections, int maxHalfOpen)
{
    private readonly Lock gate = new();
    private readonly List<ServerConnection> connections = [];   // the oldest first
    private bool closed;

    public int Count
    {
        get
        {
            lock (gate) return connections.Count;
        }
    }

    /// <summary>Takes a connection, dropping another where it must.</summary>
    /// <returns>False when it is the new one that must go.</returns>
    public bool TryAdd(ServerConnection connection)
    {
        ServerConnection? victim = null;
        lock (gate)
        {
            if (closed) return false;
            if (connections.Count(static c => !c.IsOpen) >= maxHalfOpen) victim = HalfOpen();
            else if (connections.Count >= maxConnections && (victim = HalfOpen() ?? Unused()) is null) return false;
            if (victim is not null) connections.Remove(victim);
            connections.Add(connection);
        }

        victim?.Drop(StatusCodes.BadTcpServerTooBusy, "too many connections wait for their channel or their session");
        return true;
    }

    public void Remove(ServerConnection connection)
    {
        lock (gate) connections.Remove(connection);
    }

    public ServerConnection[] Snapshot()
    {
        lock (gate) return [.. connections];
    }

    /// <summary>Takes no more.</summary>
    public ServerConnection[] Close()
    {
        lock (gate)
        {
            closed = true;
            return [.. connections];
        }
    }

    private ServerConnection? HalfOpen() =>
        connections.Find(static c => !c.IsOpen && !c.HasSaidHello) ?? connections.Find(static c => !c.IsOpen);

    private ServerConnection? Unused() => connections.Find(static c => !c.HasSession);
}
