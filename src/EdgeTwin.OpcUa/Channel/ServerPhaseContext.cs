namespace EdgeTwin.OpcUa.Channel;

/// <summary>What the phases of one connection share.</summary>
internal sealed record ServerPhaseContext(
    IChunkSink Output, IServerPhaseEvents Events, IServerSecurity Security, ChannelLimits Limits, MemoryBudget Budget,
    ChannelIds Ids, TimeProvider Time);
