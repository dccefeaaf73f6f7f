using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace EdgeTwin.OpcUa.Server;

/// <summary>Logs what should not have happened in a service: each kind once, with its stack.</summary>
internal sealed class FailureLog(ILogger logger)
{
    private const int MostKinds = 100;

    private readonly ConcurrentDictionary<(string Service, Type Kind), bool> known = [];
    private long count;

    /// <summary>Failures so far.</summary>
    public long Count => Interlocked.Read(ref count);

    public void Add(string service, Exception exception)
    {
        Interlocked.Increment(ref count);
        if (known.Count < MostKinds && known.TryAdd((service, exception.GetType()), true))
            ServerLog.ServiceFailed(logger, service, exception);
    }
}
