using Microsoft.Extensions.Logging;

namespace EdgeTwin.Upstream.Sparkplug;

/// <summary>What the Sparkplug uplinks log.</summary>
internal static partial class SparkplugLog
{
    [LoggerMessage(1320, LogLevel.Information,
        "uplink '{Uplink}': connected to {Target}; waits until the primary host '{Host}' is online")]
    public static partial void WaitsForHost(ILogger logger, string uplink, string target, string host);

    [LoggerMessage(1321, LogLevel.Information, "uplink '{Uplink}': births are published, bdSeq {BirthDeath}")]
    public static partial void Born(ILogger logger, string uplink, int birthDeath);

    [LoggerMessage(1324, LogLevel.Warning,
        "uplink '{Uplink}': a message on {Topic} cannot be used: {Reason}. "
        + "Further ones on this connection are only counted")]
    public static partial void BadMessage(ILogger logger, string uplink, string topic, string reason);
}
