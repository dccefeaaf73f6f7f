namespace EdgeTwin.OpcUa.Client;

/// <summary>Where a client stands.</summary>
public enum ClientState
{
    /// <summary>Never connected.</summary>
    New,

    /// <summary>The session is active.</summary>
    Connected,

    /// <summary>The connection was lost; the client is getting it back by itself.</summary>
    Reconnecting,

    /// <summary>Disposed.</summary>
    Closed,
}
