namespace EdgeTwin.Assets;

/// <summary>A part of an asset.</summary>
/// <param name="Name">Its name within the asset; part of node ids.</param>
/// <param name="Config">Its nameplate and what it is.</param>
internal sealed record Component(string Name, ComponentConfig Config)
{
    /// <summary>What people call it.</summary>
    public string DisplayName => Config.ComponentName ?? Name;
}
