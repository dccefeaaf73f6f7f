namespace EdgeTwin.OpcUa.Channel;

/// <summary>What the phases of a client's connection tell it.</summary>
internal interface IClientPhaseEvents
{
    /// <summary>ACK was accepted.</summary>
    void OnNegotiated(in TransportLimits limits);

    /// <summary>The channel has its first token.</summary>
    void OnOpened(SecureChannel channel, ClientOpening opening, ChannelInfo info);

    /// <summary>The channel has its next token.</summary>
    void OnRenewed();

    /// <summary>A response is complete. The bytes are valid during the call.</summary>
    void OnResponse(uint requestId, ReadOnlySpan<byte> message);

    /// <summary>The server gives a response up.</summary>
    void OnAborted(uint requestId, in ErrorMessage error);
}
