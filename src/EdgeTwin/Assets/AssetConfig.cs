using System.ComponentModel.DataAnnotations;

namespace EdgeTwin.Assets;

/// <summary>The asset that this gateway is the twin of.</summary>
internal sealed record AssetConfig : NameplateConfig
{
    /// <summary>ISA-95 path <c>enterprise/site/area/line/asset</c>; unique, part of every topic and node id.</summary>
    public required string Path { get; init; }

    /// <summary>Where the machine stands, for people.</summary>
    public string? Location { get; init; }

    /// <summary>Year in which it was built.</summary>
    [Range(1900, 2200)]
    public int? YearOfConstruction { get; init; }

    /// <summary>Its parts that have tags or a nameplate of their own, such as a spindle, by name. A name is not that of
    /// a tag too.</summary>
    public IReadOnlyDictionary<string, ComponentConfig> Components { get; init; } =
        new Dictionary<string, ComponentConfig>();
}
