namespace EdgeTwin.Assets;

/// <summary>A part of the asset.</summary>
internal sealed record ComponentConfig : NameplateConfig
{
    /// <summary>What the part is or does, for people.</summary>
    public string? Description { get; init; }
}
