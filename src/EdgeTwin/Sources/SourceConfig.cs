using System.ComponentModel.DataAnnotations;

namespace EdgeTwin.Sources;

/// <summary>What every source has; each driver adds its own keys in a derived record.</summary>
internal abstract record SourceConfig
{
    /// <summary>Which driver reads this source.</summary>
    public required string Driver { get; init; }

    /// <summary>Time from the start of one scan to the start of the next.</summary>
    [Range(typeof(TimeSpan), "00:00:00.001", "1.00:00:00")]
    public TimeSpan Scan { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Longest wait for one answer.</summary>
    [Range(typeof(TimeSpan), "00:00:00.001", "01:00:00")]
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(1);
}
