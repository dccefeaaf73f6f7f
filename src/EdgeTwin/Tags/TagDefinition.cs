namespace EdgeTwin.Tags;

/// <summary>Everything fixed about a tag, resolved from the configuration.</summary>
internal sealed record TagDefinition
{
    public required TagId Id { get; init; }

    /// <summary>Unique name within the asset: letters, digits, <c>_ - .</c>, starting with a letter.</summary>
    public required string Name { get; init; }

    public required TagDataType Type { get; init; }

    public required TagOrigin Origin { get; init; }

    /// <summary>Null where the configuration names none; expressions over it are then not checked for units.</summary>
    public EngineeringUnit? Unit { get; init; }

    /// <summary>The instrument range; a number outside it becomes UncertainEngineeringUnitsExceeded.</summary>
    public ValueRange? Range { get; init; }

    /// <summary>Smallest change that is recorded, in the tag's unit; 0 records every change.</summary>
    public double Deadband { get; init; }

    public RecordPolicy Record { get; init; }

    /// <summary>A sample is recorded at least this often even when nothing changes, so that history can tell "the same"
    /// from "not there".</summary>
    public TimeSpan Heartbeat { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>A new value is expected at least this often; null switches liveness off for the tag.</summary>
    public TimeSpan? Cadence { get; init; }

    /// <summary>Part of the asset that it belongs to; null for the asset itself.</summary>
    public string? Component { get; init; }

    public TagClass Class { get; init; }

    public string? Description { get; init; }
}
