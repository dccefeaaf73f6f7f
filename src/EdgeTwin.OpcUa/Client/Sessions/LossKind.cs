namespace EdgeTwin.OpcUa.Client.Sessions;

/// <summary>How much of a connection is gone, the least first.</summary>
internal enum LossKind
{
    None,

    /// <summary>The server does not know a subscription any more.</summary>
    Subscription,

    /// <summary>The channel or its connection is gone or silent; the session may wait for a new one.</summary>
    Channel,

    /// <summary>The server does not know the session any more.</summary>
    Session,
}
