using System.ComponentModel.DataAnnotations;

namespace EdgeTwin.Tags;

/// <summary>One tag that a source reads.</summary>
internal sealed record TagConfig
{
    /// <summary>Name of the source that reads the tag.</summary>
    public required string Source { get; init; }

    /// <summary>Where the source finds the value, in the driver's own notation, such as <c>holding:0</c> or
    /// <c>column:flow</c>.</summary>
    public required string Address { get; init; }

    /// <summary>Data type on the device. A tag with scaling becomes float64.</summary>
    public required TagDataType Type { get; init; }

    /// <summary>Order of the 16-bit words of a value that spans several registers.</summary>
    public WordOrder WordOrder { get; init; }

    /// <summary>Order of the bytes inside a register.</summary>
    public WordOrder ByteOrder { get; init; }

    /// <summary>Number of characters of a string.</summary>
    [Range(1, 250)]
    public int? Length { get; init; }

    /// <summary>How an integer is coded in its registers.</summary>
    public NumberCoding Coding { get; init; }

    /// <summary>Engineering unit after scaling, such as <c>L/min</c> or <c>°C</c>.</summary>
    public string? Unit { get; init; }

    /// <summary>Engineering value = raw × scale + offset.</summary>
    public double? Scale { get; init; }

    /// <summary>Engineering value = raw × scale + offset.</summary>
    public double? Offset { get; init; }

    /// <summary>Instrument range <c>[low, high]</c> in engineering units; outside it the value is uncertain.</summary>
    public ValueRange? Range { get; init; }

    /// <summary>Smallest change that is recorded, in engineering units.</summary>
    [Range(0, double.MaxValue)]
    public double Deadband { get; init; }

    /// <summary><c>changes</c> records by exception, <c>all</c> every sample that is read.</summary>
    public RecordPolicy Record { get; init; }

    /// <summary>A sample is recorded at least this often even when nothing changes.</summary>
    [Range(typeof(TimeSpan), "00:00:00.010", "30.00:00:00")]
    public TimeSpan Heartbeat { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>A new value is expected at least this often; without it the tag is never called quiet or
    /// dead.</summary>
    [Range(typeof(TimeSpan), "00:00:00.001", "30.00:00:00")]
    public TimeSpan? Cadence { get; init; }

    /// <summary>Part of the asset that the tag belongs to, one of <c>asset.components</c>; the asset itself when
    /// absent. Part of its node id.</summary>
    public string? Component { get; init; }

    /// <summary>How much the tag matters when not everything can go upstream at once.</summary>
    public TagClass Class { get; init; }

    /// <summary>What the tag measures, for people.</summary>
    public string? Description { get; init; }
}
