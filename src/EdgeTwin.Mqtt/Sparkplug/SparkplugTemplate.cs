namespace EdgeTwin.Mqtt.Sparkplug;

/// <summary>A type of the user's, or an instance of one (§6.4.15).</summary>
public sealed record SparkplugTemplate
{
    /// <summary>Version of the definition; absent for none.</summary>
    public string? Version { get; init; }

    /// <summary>Its members: all of them in a definition and in a birth, those that changed in data.</summary>
    public IReadOnlyList<SparkplugMetric> Metrics { get; init; } = [];

    /// <summary>Its parameters.</summary>
    public IReadOnlyList<SparkplugParameter> Parameters { get; init; } = [];

    /// <summary>An instance's definition by name; absent in a definition.</summary>
    public string? TemplateRef { get; init; }

    /// <summary>True for a definition, false for an instance.</summary>
    public required bool IsDefinition { get; init; }
}
