namespace EdgeTwin.Assets;

/// <summary>The one identified machine that the gateway is the twin of.</summary>
internal sealed record Asset
{
    public required AssetPath Path { get; init; }

    /// <summary>Kind of machine, such as <c>Pump</c>.</summary>
    public string? Type { get; init; }

    public string? Manufacturer { get; init; }

    public string? Model { get; init; }

    public string? Serial { get; init; }

    public string? ManufacturerUri { get; init; }

    public string? ProductCode { get; init; }

    /// <summary>World-wide unique uri of this one machine; null where nothing is known that it could be made
    /// of.</summary>
    public string? ProductInstanceUri { get; init; }

    public string? HardwareRevision { get; init; }

    public string? SoftwareRevision { get; init; }

    public string? AssetId { get; init; }

    public string? ComponentName { get; init; }

    public string? Location { get; init; }

    public int? YearOfConstruction { get; init; }

    /// <summary>From a configuration that was loaded without error.</summary>
    /// <exception cref="ArgumentException">The path is not valid.</exception>
    public static Asset From(AssetConfig config) =>
        AssetPath.TryParse(config.Path, out var path, out _, out var problem)
            ? new Asset
            {
                Path = path,
                Type = config.Type,
                Manufacturer = config.Manufacturer,
                Model = config.Model,
                Serial = config.Serial,
                ManufacturerUri = config.ManufacturerUri,
                ProductCode = config.ProductCode,
                ProductInstanceUri = config.ProductInstanceUri ?? InstanceUri(config),
                HardwareRevision = config.HardwareRevision,
                SoftwareRevision = config.SoftwareRevision,
                AssetId = config.AssetId,
                ComponentName = config.ComponentName,
                Location = config.Location,
                YearOfConstruction = config.YearOfConstruction,
            }
            : throw new ArgumentException($"asset path '{config.Path}': {problem}", nameof(config));

    private static string? InstanceUri(AssetConfig config) => config is { Manufacturer: { } maker, Serial: { } serial }
        ? $"urn:{Uri.EscapeDataString(maker)}:{Uri.EscapeDataString(config.Model ?? "machine")}"
            + $":{Uri.EscapeDataString(serial)}"
        : null;
}
