using Microsoft.Extensions.Logging;

namespace EdgeTwin.Sources;

/// <summary>What the runner says, ids 1200-1239: changes of state, once each.</summary>
internal static partial class SourceLog
{
    [LoggerMessage(1200, LogLevel.Information, "Source {Source}: {Driver} delivers its {Tags} tags every {Scan}")]
    public static partial void Delivering(ILogger logger, string source, string driver, int tags, TimeSpan scan);

    [LoggerMessage(1201, LogLevel.Warning,
        "Source {Source}: no connection: {Error}. Its {Tags} tags are BadNoCommunication; trying again until it is "
            + "back")]
    public static partial void Lost(ILogger logger, string source, string error, int tags);

    [LoggerMessage(1202, LogLevel.Information, "Source {Source}: back after {Outage}, {Attempts} failed attempts")]
    public static partial void Recovered(ILogger logger, string source, TimeSpan outage, int attempts);

    [LoggerMessage(1203, LogLevel.Error,
        "Source {Source}: the driver {Driver} failed in a way that no peer should cause; please report this with the "
            + "stack")]
    public static partial void DriverBug(ILogger logger, Exception failure, string source, string driver);

    [LoggerMessage(1204, LogLevel.Warning, "Source {Source}: the driver {Driver} did not close: {Error}")]
    public static partial void NotClosed(ILogger logger, string source, string driver, string error);

    [LoggerMessage(1205, LogLevel.Warning,
        "Source {Source}: the driver {Driver} did not answer the stop within {Grace}; it is left behind")]
    public static partial void Abandoned(ILogger logger, string source, string driver, TimeSpan grace);
}
