namespace EdgeTwin.OpcUa.Client.Recovery;

/// <summary>What a client does next to be connected.</summary>
internal enum RecoveryStep
{
    /// <summary>Nothing: it is connected.</summary>
    Watch,

    /// <summary>Wait before the next attempt.</summary>
    Pause,

    /// <summary>Ask for the endpoints and judge the certificate.</summary>
    Discover,

    /// <summary>Open a secure channel.</summary>
    Open,

    /// <summary>Activate the old session on the new channel.</summary>
    Resume,

    /// <summary>Create and activate a new session.</summary>
    Create,

    /// <summary>Read namespaces and limits.</summary>
    Learn,

    /// <summary>Make the subscriptions work.</summary>
    Restore,
}
