using EdgeTwin.OpcUa.Types;

namespace EdgeTwin.OpcUa.Channel;

/// <summary>What a server does with its connections. Called on the receive loop of the connection, in order, one call
/// at
/// a time; connections call at the same time as each other. What it throws ends the connection that asked.</summary>
public interface IServerConnectionHandler
{
    /// <summary>A channel is open.</summary>
    void OnOpened(ServerConnection connection);

    /// <summary>A request has arrived.</summary>
    /// <param name="connection">From where.</param>
    /// <param name="requestId">To be given to <see cref="ServerConnection.Send"/> with the answer.</param>
    /// <param name="message">Id of the encoding and the fields; valid during the call only.</param>
    void OnRequest(ServerConnection connection, uint requestId, ReadOnlySpan<byte> message);

    /// <summary>The channel is gone; answers are dropped from now on. Called once for each
    /// <see cref="OnOpened"/>.</summary>
    void OnClosed(ServerConnection connection, StatusCode reason);
}
