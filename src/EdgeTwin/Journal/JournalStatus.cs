namespace EdgeTwin.Journal;

/// <summary>How the journal is doing, for people and metrics.</summary>
internal sealed record JournalStatus
{
    /// <summary>Size of the database and its write-ahead log on disk, in bytes.</summary>
    public long SizeBytes { get; init; }

    /// <summary>Bytes of the database that are in use, without pages that are free for reuse.</summary>
    public long UsedBytes { get; init; }

    /// <summary>Samples in history, compacted or not.</summary>
    public long Samples { get; init; }

    /// <summary>Used bytes per sample; 0 when there is none.</summary>
    public double BytesPerSample => Samples == 0 ? 0 : (double)UsedBytes / Samples;

    /// <summary>Source time of the oldest sample; null when there is none.</summary>
    public DateTime? Oldest { get; init; }

    /// <summary>Source time of the newest committed sample; null when there is none.</summary>
    public DateTime? Newest { get; init; }

    /// <summary>The newest sample.</summary>
    public Position Head { get; init; }

    /// <summary>The newest sample that a power cut can no longer take.</summary>
    public Position Committed { get; init; }

    /// <summary>Samples that wait for the next commit.</summary>
    public long Pending { get; init; }

    /// <summary>Blocks: not compacted yet, or not delivered yet.</summary>
    public long Blocks { get; init; }

    /// <summary>Segments of compressed history.</summary>
    public long Segments { get; init; }

    /// <summary>Blocks, segments and states that failed their checksum since the journal was made.</summary>
    public long Damaged { get; init; }

    /// <summary>How long the last commit took.</summary>
    public TimeSpan LastCommit { get; init; }

    /// <summary>Time since the last successful commit, or since nothing was pending.</summary>
    public TimeSpan CommitLag { get; init; }

    /// <summary>Why the disk does not take samples; null when it does.</summary>
    public string? Trouble { get; init; }

    /// <summary>Samples given up in this run by reason: <c>age</c>, <c>size</c>, <c>free-space</c>, each
    /// <c>/undelivered</c> when an uplink had not got them.</summary>
    public IReadOnlyDictionary<string, long> Dropped { get; init; } = new Dictionary<string, long>();
}
