using Microsoft.Extensions.Logging;

namespace EdgeTwin.Upstream.Downward;

/// <summary>What became of commands from a far side.</summary>
internal static partial class CommandLog
{
    [LoggerMessage(1322, LogLevel.Warning, "uplink '{Uplink}': command for '{Tag}' refused: {Reason}")]
    public static partial void Refused(ILogger logger, string uplink, string tag, string reason);

    [LoggerMessage(1323, LogLevel.Information, "uplink '{Uplink}': command for '{Tag}' accepted: {Status}")]
    public static partial void Accepted(ILogger logger, string uplink, string tag, string status);
}
