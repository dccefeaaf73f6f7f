using System.ComponentModel.DataAnnotations;

namespace EdgeTwin.Upstream;

/// <summary>When a message with several samples is full: at the first of its limits.</summary>
internal sealed record BatchConfig
{
    /// <summary>Samples in a message.</summary>
    [Range(1, 10_000)]
    public int Samples { get; init; } = 1000;

    /// <summary>Bytes of a message before compression, in kB.</summary>
    [Range(1, 16_384)]
    public int MaxKb { get; init; } = 128;

    /// <summary>How long the first sample may wait for others.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "01:00:00")]
    public TimeSpan Age { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>How messages are packed.</summary>
    public Compression Compression { get; init; }
}
