using Microsoft.Extensions.Logging;

namespace EdgeTwin.Sources.Replay;

/// <summary>What the replay driver says, ids 1240-1259.</summary>
internal static partial class ReplayLog
{
    [LoggerMessage(1240, LogLevel.Error,
        "Source {Source}: {File} has no column '{Column}'{Hint} (tag {Tag} is BadConfigurationError, the others are "
            + "played)")]
    public static partial void ColumnMissing(
        ILogger logger, string source, string file, string column, string hint, string tag);

    [LoggerMessage(1241, LogLevel.Warning,
        "Source {Source}: {Place}: '{Field}' in column '{Column}' is not a {Type}; tag {Tag} is BadDecodingError " +
        "for that row. Further ones of this column are not logged")]
    public static partial void NotDecoded(
        ILogger logger, string source, string place, string field, string column, Tags.TagDataType type, string tag);

    [LoggerMessage(1242, LogLevel.Warning,
        "Source {Source}: {Place}: '{Field}' is not a time; the row is played at the usual distance. " +
        "Further ones are not logged")]
    public static partial void NoTime(ILogger logger, string source, string place, string field);

    [LoggerMessage(1243, LogLevel.Information, "Source {Source}: the recording has ended after {Rows} rows")]
    public static partial void Ended(ILogger logger, string source, long rows);
}
