using System.Collections.Concurrent;
using EdgeTwin.OpcUa.Schema;
using EdgeTwin.OpcUa.Types;
using Microsoft.Extensions.Logging;

namespace EdgeTwin.OpcUa.Server;

/// <summary>Logs what should not have happened in a service: each kind once, with its stack. Counts faults.</summary>
internal sealed class FailureLog(ILogger logger)
{
    private const int MostKinds = 100;

    private readonly ConcurrentDictionary<(string Service, Type Kind), bool> known = [];
    private long count;

    private uint rejected;
    private uint securityRejected;

    /// <summary>Failures so far.</summary>
    public long Count => Interlocked.Read(ref count);

    /// <summary>Requests answered with a fault.</summary>
    public uint RejectedCount => Volatile.Read(ref rejected);

    /// <summary>Those of them for reasons of security.</summary>
    public uint SecurityRejectedCount => Volatile.Read(ref securityRejected);

    /// <summary>Counts a fault.</summary>
    public void Rejected(StatusCode status)
    {
        Interlocked.Increment(ref rejected);
        if (IsSecurity(status.Value)) Interlocked.Increment(ref securityRejected);
    }

    public void Add(string service, Exception exception)
    {
        Interlocked.Increment(ref count);
        if (known.Count < MostKinds && known.TryAdd((service, exception.GetType()), true))
            ServerLog.ServiceFailed(logger, service, exception);
    }

    private static bool IsSecurity(uint status) => status is StatusCodes.BadUserAccessDenied
        or StatusCodes.BadSecurityChecksFailed or StatusCodes.BadSecureChannelIdInvalid
        or StatusCodes.BadSessionIdInvalid
        or StatusCodes.BadSessionNotActivated or StatusCodes.BadIdentityTokenInvalid
        or StatusCodes.BadIdentityTokenRejected or StatusCodes.BadApplicationSignatureInvalid
        or StatusCodes.BadUserSignatureInvalid or StatusCodes.BadNonceInvalid or StatusCodes.BadCertificateInvalid;
}
