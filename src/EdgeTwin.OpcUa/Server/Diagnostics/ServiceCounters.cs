using EdgeTwin.OpcUa.Schema;

namespace EdgeTwin.OpcUa.Server.Diagnostics;

/// <summary>How often a session used each service, and how often that failed. Written by the session's connection,
/// read by anyone: a
/// count may be one behind.</summary>
internal sealed class ServiceCounters
{
    private readonly uint[] totals = new uint[(int)ServiceCounter.UnregisterNodes + 1];
    private readonly uint[] errors = new uint[(int)ServiceCounter.UnregisterNodes + 1];
    private uint total;
    private uint totalErrors;
    private uint unauthorized;

    /// <summary>All requests of the session.</summary>
    public ServiceCounterDataType Total => new() { TotalCount = total, ErrorCount = totalErrors };

    /// <summary>Requests that were refused for the user's rights, or came before the activation.</summary>
    public uint Unauthorized => unauthorized;

    public ServiceCounterDataType this[ServiceCounter counter] =>
        new() { TotalCount = totals[(int)counter], ErrorCount = errors[(int)counter] };

    public void Count(ServiceCounter counter)
    {
        total++;
        if (counter != ServiceCounter.None) totals[(int)counter]++;
    }

    public void CountError(ServiceCounter counter)
    {
        totalErrors++;
        if (counter != ServiceCounter.None) errors[(int)counter]++;
    }

    public void CountUnauthorized() => unauthorized++;
}
