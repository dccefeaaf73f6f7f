using System.Net;
using Microsoft.Extensions.Logging;

namespace EdgeTwin.OpcUa.Client.Reverse;

/// <summary>What a listener for servers logs.</summary>
internal static partial class ReverseLog
{
    [LoggerMessage(2130, LogLevel.Warning, "A server at {Remote} that dialled was turned away: {Reason}")]
    public static partial void TurnedAway(ILogger logger, EndPoint? remote, string reason);
}
