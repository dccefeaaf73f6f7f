using System.Net;
using Microsoft.Extensions.Logging;

namespace EdgeTwin.OpcUa.Server;

/// <summary>What the server logs of sessions and services: ids 2050-2099.</summary>
internal static partial class ServerLog
{
    [LoggerMessage(2050, LogLevel.Information, "OPC UA server listens on {EndPoint}")]
    public static partial void Started(ILogger logger, IPEndPoint endPoint);

    [LoggerMessage(2051, LogLevel.Information, "OPC UA server stopped: {Reason}")]
    public static partial void Stopped(ILogger logger, string reason);

    [LoggerMessage(2052, LogLevel.Information, "OPC UA session '{Session}' of user '{User}' from {Remote} is active")]
    public static partial void SessionActivated(ILogger logger, string session, string user, EndPoint? remote);

    [LoggerMessage(2053, LogLevel.Warning, "OPC UA session '{Session}' ended: nothing came for {Seconds} s")]
    public static partial void SessionTimedOut(ILogger logger, string session, double seconds);

    [LoggerMessage(2054, LogLevel.Warning,
        "OPC UA logons from {Address} are slowed: too many failed; it ends by itself")]
    public static partial void LogonSlowed(ILogger logger, IPAddress address);

    [LoggerMessage(2055, LogLevel.Error,
        "OPC UA service {Service} failed; more failures of this kind are only counted")]
    public static partial void ServiceFailed(ILogger logger, string service, Exception exception);

    [LoggerMessage(2056, LogLevel.Warning, "OPC UA session was refused to {Remote}: {Reason}")]
    public static partial void SessionRefused(ILogger logger, EndPoint? remote, string reason);

    [LoggerMessage(2058, LogLevel.Information, "OPC UA server is registered with the discovery server {Url}")]
    public static partial void Registered(ILogger logger, Uri url);

    [LoggerMessage(2059, LogLevel.Warning,
        "OPC UA server is not registered with the discovery server {Url}, it will be tried again: {Problem}")]
    public static partial void NotRegistered(ILogger logger, Uri url, string problem);

    [LoggerMessage(2057, LogLevel.Error, "OPC UA server's housekeeping failed; it goes on")]
    public static partial void SweepFailed(ILogger logger, Exception exception);
}
