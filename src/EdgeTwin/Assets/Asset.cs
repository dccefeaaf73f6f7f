namespace EdgeTwin.Assets;

/// <summary>The one identified machine that the gateway is the twin of.</summary>
/// <param name="Path">Its place in the plant.</param>
/// <param name="Config">Its nameplate, as the user wrote it.</param>
/// <param name="Components">Its parts, in the order of the configuration.</param>
internal sealed record Asset(AssetPath Path, AssetConfig Config, IReadOnlyList<Component> Components)
{
    /// <summary>What people call it.</summary>
    public string DisplayName => Config.ComponentName ?? Path.Name;

    /// <summary>From a configuration that was loaded without error.</summary>
    /// <exception cref="ArgumentException">The path is not valid.</exception>
    public static Asset From(AssetConfig config) =>
        AssetPath.TryParse(config.Path, out var path, out _, out var problem)
            ? new Asset(path, config, [.. config.Components.Select(part => new Component(part.Key, part.Value))])
            : throw new ArgumentException($"asset path '{config.Path}': {problem}", nameof(config));
}
