namespace EdgeTwin.Configuration;

/// <summary>What the configuration needs to know of a model package.</summary>
internal sealed record ModelPorts
{
    public IReadOnlyList<ModelPort> Inputs { get; init; } = [];

    public IReadOnlyList<ModelPort> Outputs { get; init; } = [];

    /// <summary>Why the package cannot be used; empty when it can.</summary>
    public IReadOnlyList<string> Problems { get; init; } = [];
}
