using Microsoft.Extensions.Logging;

namespace EdgeTwin.Sources.OpcUa;

/// <summary>What the OPC UA driver says, ids 1260-1279.</summary>
internal static partial class OpcUaSourceLog
{
    [LoggerMessage(1260, LogLevel.Warning,
        "Source {Source}: {Missing} of its tags are not on the server, the first is '{Tag}' ({Address}); looked for "
            + "again every {Every}")]
    public static partial void Missing(
        ILogger logger, string source, int missing, string tag, string address, TimeSpan every);

    [LoggerMessage(1261, LogLevel.Information,
        "Source {Source}: {Samples} samples of {Tags} tags that were missed since {From:u} came from the server's "
            + "history")]
    public static partial void Backfilled(ILogger logger, string source, long samples, int tags, DateTime from);

    [LoggerMessage(1262, LogLevel.Warning,
        "Source {Source}: the server's history of '{Tag}' cannot be read ({Error}); what was missed since {From:u} "
            + "stays missing")]
    public static partial void NoHistory(ILogger logger, string source, string tag, string error, DateTime from);

    [LoggerMessage(1263, LogLevel.Warning,
        "Source {Source}: the server dropped values of '{Tag}' before it sent them; a larger queueSize or a shorter "
            + "publishing keeps them. Not said again for this tag")]
    public static partial void Overflow(ILogger logger, string source, string tag);

    [LoggerMessage(1264, LogLevel.Information,
        "Source {Source}: {Found} variables found that are no tags yet; they are in {File} and become tags with the "
            + "next start, when it is under tagFiles")]
    public static partial void Discovered(ILogger logger, string source, int found, string file);

    [LoggerMessage(1265, LogLevel.Warning, "Source {Source}: what is at '{Place}' cannot be listed: {Error}")]
    public static partial void NotDiscovered(ILogger logger, string source, string place, string error);

    [LoggerMessage(1266, LogLevel.Warning,
        "Source {Source}: every server is believed (trust: insecure-any), also one that stands between")]
    public static partial void TrustsAny(ILogger logger, string source);
}
