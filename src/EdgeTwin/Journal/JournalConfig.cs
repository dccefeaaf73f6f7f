using System.ComponentModel.DataAnnotations;

namespace EdgeTwin.Journal;

/// <summary>How the journal keeps what the twin has seen.</summary>
internal sealed record JournalConfig
{
    /// <summary>Group commit interval: what a power cut may cost at most.</summary>
    [Range(typeof(TimeSpan), "00:00:00.001", "00:01:00")]
    public TimeSpan Commit { get; init; } = TimeSpan.FromMilliseconds(200);

    /// <summary>History older than this is removed. What an uplink has not got is kept for it all the same.</summary>
    [Range(typeof(TimeSpan), "00:01:00", "36500.00:00:00")]
    public TimeSpan KeepFor { get; init; } = TimeSpan.FromDays(365);

    /// <summary>Largest size of the journal on disk, in MB.</summary>
    [Range(16, 1_000_000)]
    public int MaxSizeMb { get; init; } = 4096;

    /// <summary>Free space that the journal leaves on its disk, in MB.</summary>
    [Range(0, 1_000_000)]
    public int FreeSpaceFloorMb { get; init; } = 256;
}
