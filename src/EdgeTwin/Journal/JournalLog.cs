using Microsoft.Extensions.Logging;

namespace EdgeTwin.Journal;

/// <summary>What the journal says; ids 1400–1499.</summary>
internal static partial class JournalLog
{
    [LoggerMessage(1400, LogLevel.Information,
        "Journal {Path} is open: epoch {Epoch}, {Blocks} blocks, {Segments} segments")]
    public static partial void Opened(ILogger logger, string path, long epoch, long blocks, long segments);

    [LoggerMessage(1401, LogLevel.Error,
        "Journal cannot be written: {Reason}. Samples wait in memory; the disk is tried again until it works")]
    public static partial void CannotWrite(ILogger logger, string reason);

    [LoggerMessage(1402, LogLevel.Information,
        "Journal is written again after {Duration}; nothing that it had taken is lost")]
    public static partial void WritesAgain(ILogger logger, TimeSpan duration);

    [LoggerMessage(1403, LogLevel.Error, "Journal {Kind} {Id} is damaged ({Reason}); it is set aside and skipped")]
    public static partial void Damaged(ILogger logger, string kind, long id, string reason);

    [LoggerMessage(1404, LogLevel.Error, "Journal file is malformed ({Reason}); it is kept as {Aside}. Saved from "
        + "it: {Saved} rows; not readable: {Lost}")]
    public static partial void Salvaged(ILogger logger, string reason, string aside, long saved, long lost);

    [LoggerMessage(1405, LogLevel.Error,
        "Journal dropped {Samples} samples that were {Delivered}, because of {Reason}")]
    public static partial void Dropped(ILogger logger, long samples, string delivered, string reason);

    [LoggerMessage(1406, LogLevel.Warning, "Journal upkeep failed and is tried again: {Reason}")]
    public static partial void UpkeepFailed(ILogger logger, string reason);

    [LoggerMessage(1407, LogLevel.Information,
        "Journal keeps history of {Count} tags that the configuration no longer names")]
    public static partial void RetiredTags(ILogger logger, int count);

    [LoggerMessage(1408, LogLevel.Debug, "Journal committed up to {Position}")]
    public static partial void Committed(ILogger logger, Position position);
}
