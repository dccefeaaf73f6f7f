namespace EdgeTwin.OpcUa.Channel;

/// <summary>What the phases of a client's connection share.</summary>
internal sealed record ClientPhaseContext(
    IChunkSink Output, IClientPhaseEvents Events, ClientSecurity Security, PeerCertificate? Server,
    ChannelLimits Limits, MemoryBudget Budget, string EndpointUrl, TimeProvider Time);
