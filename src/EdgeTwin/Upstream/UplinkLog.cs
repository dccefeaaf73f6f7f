using Microsoft.Extensions.Logging;

namespace EdgeTwin.Upstream;

/// <summary>What the uplinks log: changes of state, not attempts.</summary>
internal static partial class UplinkLog
{
    [LoggerMessage(1300, LogLevel.Information, "uplink '{Uplink}': connected to {Target}")]
    public static partial void Connected(ILogger logger, string uplink, string target);

    [LoggerMessage(1301, LogLevel.Information, "uplink '{Uplink}': connected to {Target} again after {Away}")]
    public static partial void Recovered(ILogger logger, string uplink, string target, TimeSpan away);

    [LoggerMessage(1302, LogLevel.Warning,
        "uplink '{Uplink}': {Target} is away: {Reason}. Samples stay in the journal and follow when it is back")]
    public static partial void Away(ILogger logger, string uplink, string target, string reason);

    [LoggerMessage(1303, LogLevel.Error, "uplink '{Uplink}': cannot go on and tries again")]
    public static partial void Failed(ILogger logger, string uplink, Exception error);

    [LoggerMessage(1304, LogLevel.Error, "uplink '{Uplink}': {Samples} samples between {After} and {Before} are given "
        + "up: the journal no longer has them ({Rule})")]
    public static partial void GaveUp(ILogger logger, string uplink, long samples, Journal.Position after,
        Journal.Position before, string rule);

    [LoggerMessage(1305, LogLevel.Error, "uplink '{Uplink}': the sample {Position} is given up, because {Reason}. It "
        + "stays in the journal; further ones are only counted")]
    public static partial void Refused(ILogger logger, string uplink, Journal.Position position, string reason);

    [LoggerMessage(1306, LogLevel.Warning, "uplink '{Uplink}': the broker does not take the gateway's status on "
        + "'{Topic}': {Reason}. Samples go nevertheless; 'status: false' ends this")]
    public static partial void StatusRefused(ILogger logger, string uplink, string topic, string reason);
}
