namespace EdgeTwin.OpcUa.Channel;

/// <summary>What a chunk was to its channel.</summary>
internal enum ReceivedKind
{
    /// <summary>A piece of a message that is not complete.</summary>
    Part,

    /// <summary>The last piece of a message.</summary>
    Message,

    /// <summary>The peer gave a message up.</summary>
    Aborted,

    /// <summary>The peer closed the channel.</summary>
    Closed,
}
