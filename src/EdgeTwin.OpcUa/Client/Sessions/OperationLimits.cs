namespace EdgeTwin.OpcUa.Client.Sessions;

/// <summary>How many operations go into one request: the server's limits where it has some, else what keeps a message
/// small enough for everyone (OPC 10000-5 §6.3.11).</summary>
internal sealed record OperationLimits
{
    public int Read { get; init; } = 1000;

    public int Write { get; init; } = 500;

    public int Call { get; init; } = 100;

    public int Browse { get; init; } = 500;

    public int Register { get; init; } = 1000;

    public int Translate { get; init; } = 500;

    public int MonitoredItems { get; init; } = 1000;

    public int HistoryRead { get; init; } = 50;

    /// <summary>Continuation points that the server keeps for this session; each node of a Browse may need
    /// one.</summary>
    public int BrowseContinuationPoints { get; init; } = int.MaxValue;
}
