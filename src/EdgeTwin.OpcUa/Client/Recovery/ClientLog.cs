using EdgeTwin.OpcUa.Types;
using Microsoft.Extensions.Logging;

namespace EdgeTwin.OpcUa.Client.Recovery;

/// <summary>What a client logs: changes of state, not attempts.</summary>
internal static partial class ClientLog
{
    [LoggerMessage(2120, LogLevel.Information, "{Url}: connected, {Policy}/{Mode}")]
    public static partial void Connected(ILogger logger, Uri url, string policy, string mode);

    [LoggerMessage(2121, LogLevel.Warning, "{Url}: connection lost: {Reason}")]
    public static partial void Lost(ILogger logger, Uri url, StatusCode reason);

    [LoggerMessage(2122, LogLevel.Warning, "{Url}: cannot reconnect: {Message}; going on trying")]
    public static partial void CannotReconnect(ILogger logger, Uri url, string message);

    [LoggerMessage(2123, LogLevel.Information, "{Url}: connected again after {Seconds:0.0} s; {How}")]
    public static partial void Reconnected(ILogger logger, Uri url, double seconds, string how);

    [LoggerMessage(2124, LogLevel.Information, "{Url}: the server renumbered its namespaces; items follow their URIs")]
    public static partial void Renumbered(ILogger logger, Uri url);

    [LoggerMessage(2125, LogLevel.Warning, "{Url}: the server ended subscriptions: {Reason}")]
    public static partial void SubscriptionsLost(ILogger logger, Uri url, StatusCode reason);

    [LoggerMessage(2126, LogLevel.Error, "{Url}: the client failed in a way that is not foreseen; trying again")]
    public static partial void Unforeseen(ILogger logger, Uri url, Exception exception);
}
