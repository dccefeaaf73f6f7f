namespace EdgeTwin.OpcUa.Channel;

/// <summary>What the phases of a server's connection tell it.</summary>
internal interface IServerPhaseEvents
{
    /// <summary>HEL was accepted.</summary>
    void OnNegotiated(in TransportLimits limits);

    /// <summary>The first OPN was accepted; its answer is on its way.</summary>
    void OnOpened(SecureChannel channel, ChannelInfo info);

    /// <summary>A request is complete. The bytes are valid during the call.</summary>
    void OnRequest(uint requestId, ReadOnlySpan<byte> message);
}
