using System.Net;
using EdgeTwin.OpcUa.Encoding;

namespace EdgeTwin.OpcUa.Channel;

/// <summary>The side of a server's connection that answers are given to: what sessions and subscriptions see of
/// it.</summary>
internal interface IServerConnection
{
    /// <summary>What the channel was opened with.</summary>
    ChannelInfo Channel { get; }

    /// <summary>Where the client is; null when that is not known.</summary>
    EndPoint? Remote { get; }

    /// <summary>Bytes waiting for the socket.</summary>
    int PendingBytes { get; }

    /// <summary>The send queue is above its mark: what can wait should.</summary>
    bool IsCongested { get; }

    /// <summary>Whether a session uses the channel: such connections are dropped last.</summary>
    bool HasSession { get; set; }

    /// <summary>A buffer that grows up to what the client accepts as one message.</summary>
    MessageBuffer RentBuffer();

    /// <summary>Queues a response and takes the buffer over; never blocks; any thread. Nothing happens once
    /// closed.</summary>
    void Send(uint requestId, MessageBuffer message);
}
