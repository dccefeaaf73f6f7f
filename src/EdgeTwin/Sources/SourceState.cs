namespace EdgeTwin.Sources;

/// <summary>Where a source stands.</summary>
internal enum SourceState
{
    /// <summary>An attempt to connect is under way, or connected and nothing read yet.</summary>
    Connecting,

    /// <summary>Connected and delivering.</summary>
    Running,

    /// <summary>The connection is lost; the next attempt comes after the back-off.</summary>
    Disconnected,

    /// <summary>Not started yet, or stopped.</summary>
    Stopped,
}
