using EdgeTwin.Alarms;
using EdgeTwin.Assets;
using EdgeTwin.Tags;

namespace EdgeTwin.Configuration;

/// <summary>What loading a configuration came to: everything that the gateway is built from, or all errors.</summary>
internal sealed record ConfigResult
{
    /// <summary>The configuration, tag files merged in; null when there is any error.</summary>
    public EdgeTwinConfig? Config { get; init; }

    /// <summary>The asset; null when there is any error.</summary>
    public Asset? Asset { get; init; }

    /// <summary>All tags: read, predicted, alarm states, derived (each after those it depends on); null when there is
    /// any error.</summary>
    public TagTable? Tags { get; init; }

    /// <summary>Alarms in the order of the file; empty when there is any error.</summary>
    public IReadOnlyList<AlarmDefinition> Alarms { get; init; } = [];

    /// <summary>Where everything stands in the file; null when there is any error.</summary>
    public ConfigDocument? Document { get; init; }

    /// <summary>Folder of the file; relative paths in it start here.</summary>
    public required string BaseFolder { get; init; }

    /// <summary>By position.</summary>
    public required IReadOnlyList<ConfigError> Errors { get; init; }

    /// <summary>Legal, but hardly meant; by position.</summary>
    public required IReadOnlyList<ConfigError> Warnings { get; init; }
}
