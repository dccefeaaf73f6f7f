using EdgeTwin.Tags;

namespace EdgeTwin.Prediction;

/// <summary>A model input joined to the tag that feeds it.</summary>
/// <param name="Input">As the package has it.</param>
/// <param name="Tag">The gateway's tag.</param>
/// <param name="Factor">Package value = tag value × factor + offset.</param>
/// <param name="Offset">In the package's unit.</param>
internal sealed record InputBinding(ModelInput Input, TagDefinition Tag, double Factor, double Offset)
{
    private const int CadencesUntilStale = 3;

    /// <summary>A value that was received longer ago than this is stale.</summary>
    public TimeSpan StaleAfter => Tag.Cadence is { } cadence ? CadencesUntilStale * cadence : Tag.Heartbeat;

    public double ToPackageUnit(double value) => value * Factor + Offset;
}
