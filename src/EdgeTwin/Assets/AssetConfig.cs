namespace EdgeTwin.Assets;

/// <summary>The asset that this gateway is the twin of.</summary>
internal sealed record AssetConfig
{
    /// <summary>ISA-95 path <c>enterprise/site/area/line/asset</c>; unique, part of every topic and node id.</summary>
    public required string Path { get; init; }

    /// <summary>Kind of machine, such as <c>Pump</c>.</summary>
    public string? Type { get; init; }

    /// <summary>Manufacturer, as on the nameplate.</summary>
    public string? Manufacturer { get; init; }

    /// <summary>Model, as on the nameplate.</summary>
    public string? Model { get; init; }

    /// <summary>Serial number, as on the nameplate.</summary>
    public string? Serial { get; init; }
}
