using System.ComponentModel.DataAnnotations;

namespace EdgeTwin.Tags;

/// <summary>A tag that the twin computes from other tags.</summary>
internal sealed record DerivedTagConfig
{
    /// <summary>Arithmetic, comparison and logic over tags, and functions over time windows such as <c>avg(flow,
    /// 10s)</c>.</summary>
    public required string Expression { get; init; }

    /// <summary>Engineering unit of the result.</summary>
    public string? Unit { get; init; }

    /// <summary>Data type of the result.</summary>
    public TagDataType Type { get; init; } = TagDataType.Float64;

    /// <summary>Plausible range of the result; outside it the value is uncertain.</summary>
    public ValueRange? Range { get; init; }

    /// <summary>Smallest change that is recorded.</summary>
    [Range(0, double.MaxValue)]
    public double Deadband { get; init; }

    /// <summary><c>changes</c> records by exception, <c>all</c> every computed sample.</summary>
    public RecordPolicy Record { get; init; }

    /// <summary>A sample is recorded at least this often even when nothing changes.</summary>
    [Range(typeof(TimeSpan), "00:00:00.010", "30.00:00:00")]
    public TimeSpan Heartbeat { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>Part of the asset that the tag belongs to, one of <c>asset.components</c>; the asset itself when
    /// absent. Part of its node id.</summary>
    public string? Component { get; init; }

    /// <summary>How much the tag matters when not everything can go upstream at once.</summary>
    public TagClass Class { get; init; }

    /// <summary>What the tag means, for people.</summary>
    public string? Description { get; init; }
}
