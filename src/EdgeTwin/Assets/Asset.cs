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
            }
            : throw new ArgumentException($"asset path '{config.Path}': {problem}", nameof(config));
}
