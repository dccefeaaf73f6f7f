using System.ComponentModel.DataAnnotations;

namespace EdgeTwin.Sources.Replay;

/// <summary>Plays recordings of a machine as if it were there.</summary>
internal sealed record ReplayConfig : SourceConfig
{
    /// <summary>CSV files, relative to the configuration file, played one after the other as one recording. The first
    /// row names the columns; comma, semicolon or tab separate them.</summary>
    [MinLength(1)]
    public required IReadOnlyList<string> Files { get; init; }

    /// <summary>Column with the time of each row: date and time (UTC where it names no zone) or seconds. When absent,
    /// the first of <c>timestamp</c>, <c>datetime</c>, <c>time</c>, <c>date</c>; without any, rows are <c>scan</c>
    /// apart.</summary>
    public string? TimestampColumn { get; init; }

    /// <summary>How many times faster than recorded; 0 plays as fast as the twin takes it.</summary>
    [Range(0, 1_000_000)]
    public double Speed { get; init; } = 1;

    /// <summary>Whether to start again at the end; otherwise the source then falls silent.</summary>
    public bool Loop { get; init; }

    /// <summary>Source time of the samples: <c>now</c> or <c>original</c>.</summary>
    public ReplayTimestamps Timestamps { get; init; } = ReplayTimestamps.Now;

    /// <summary>Gaps in the recording are kept up to this long (before <c>speed</c>); longer ones are shortened to
    /// it.</summary>
    public TimeSpan MaxGap { get; init; } = TimeSpan.FromMinutes(1);
}
