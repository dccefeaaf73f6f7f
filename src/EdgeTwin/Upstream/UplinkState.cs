namespace EdgeTwin.Upstream;

/// <summary>What an uplink is doing.</summary>
internal enum UplinkState
{
    /// <summary>Not started yet.</summary>
    Idle,

    /// <summary>No connection; the next attempt comes by itself.</summary>
    Waiting,

    /// <summary>An attempt to connect is under way.</summary>
    Connecting,

    /// <summary>Connected and delivering.</summary>
    Connected,

    /// <summary>Stopped for good.</summary>
    Stopped,
}
