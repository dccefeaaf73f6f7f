namespace EdgeTwin.Benchmarks.OpcUa.Recovery;

/// <summary>What happens to a server, or to the way to it.</summary>
internal enum RecoveryFault
{
    /// <summary>The process is killed and started again.</summary>
    Killed,

    /// <summary>Started again, its namespaces have other numbers.</summary>
    Renumbered,

    /// <summary>Started again, it has another certificate and key.</summary>
    NewCertificate,

    /// <summary>An administrator ends the session; its subscriptions are kept.</summary>
    SessionEnded,

    /// <summary>Publish requests are lost: the server has nothing to answer, everything else works.</summary>
    Starved,

    /// <summary>Nothing arrives any more, either way, and no connection is closed.</summary>
    HalfOpen,
}
