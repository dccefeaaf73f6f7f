namespace EdgeTwin.OpcUa.Client.Subscriptions;

/// <summary>How a subscription came back after the connection was lost.</summary>
public enum RecoveryKind
{
    /// <summary>The session lived on; so did the subscription with all it had queued.</summary>
    Resumed,

    /// <summary>The session was gone; the subscription moved to the new one with all it had queued.</summary>
    Transferred,

    /// <summary>The server had lost it; it was made anew, and a <see cref="GapNotice"/> follows.</summary>
    Recreated,
}
