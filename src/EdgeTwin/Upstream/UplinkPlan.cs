using EdgeTwin.Tags;

namespace EdgeTwin.Upstream;

/// <summary>What an uplink sends, in which order and how much at a time.</summary>
/// <param name="Order">After an outage.</param>
internal sealed record UplinkPlan(DrainOrder Order)
{
    public SampleFilter Filter { get; init; } = SampleFilter.Open;

    /// <summary>Most samples of a backlog per second; null for no limit.</summary>
    public int? DrainRate { get; init; }

    /// <summary>A message waits until so many samples are there; 1 for not at all.</summary>
    public int BatchSamples { get; init; } = 1;

    /// <summary>No sample waits longer for others than this.</summary>
    public TimeSpan BatchAge { get; init; }

    public static UplinkPlan From(UplinkConfig config, TagTable tags) => new(config.Order)
    {
        Filter = SampleFilter.From(config, tags),
        DrainRate = config.DrainRate,
        BatchSamples = config.Batch?.Samples ?? 1,
        BatchAge = config.Batch?.Age ?? TimeSpan.Zero,
    };
}
