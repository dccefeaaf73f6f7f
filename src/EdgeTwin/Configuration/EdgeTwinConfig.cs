using EdgeTwin.Alarms;
using EdgeTwin.Assets;
using EdgeTwin.Journal;
using EdgeTwin.Prediction;
using EdgeTwin.Serving;
using EdgeTwin.Sources;
using EdgeTwin.Tags;
using EdgeTwin.Upstream;

namespace EdgeTwin.Configuration;

/// <summary>One file, one asset: everything that a gateway is told.</summary>
internal sealed record EdgeTwinConfig
{
    /// <summary>The gateway itself.</summary>
    public required GatewayConfig Gateway { get; init; }

    /// <summary>The asset that this gateway is the twin of.</summary>
    public required AssetConfig Asset { get; init; }

    /// <summary>Where values come from, by name.</summary>
    public IReadOnlyDictionary<string, SourceConfig> Sources { get; init; } = new Dictionary<string, SourceConfig>();

    /// <summary>What is read, by name.</summary>
    public IReadOnlyDictionary<string, TagConfig> Tags { get; init; } = new Dictionary<string, TagConfig>();

    /// <summary>CSV files with more tags, relative to this file.</summary>
    public IReadOnlyList<string> TagFiles { get; init; } = [];

    /// <summary>What is computed, by name.</summary>
    public IReadOnlyDictionary<string, DerivedTagConfig> Derived { get; init; } =
        new Dictionary<string, DerivedTagConfig>();

    /// <summary>What is predicted, by name.</summary>
    public IReadOnlyDictionary<string, ModelConfig> Models { get; init; } = new Dictionary<string, ModelConfig>();

    /// <summary>What people are told of, by name.</summary>
    public IReadOnlyDictionary<string, AlarmConfig> Alarms { get; init; } = new Dictionary<string, AlarmConfig>();

    /// <summary>Who gets the data, by name.</summary>
    public IReadOnlyDictionary<string, UplinkConfig> Uplinks { get; init; } = new Dictionary<string, UplinkConfig>();

    /// <summary>Who may look at the twin here.</summary>
    public ServingConfig Serving { get; init; } = new();

    /// <summary>How it is kept.</summary>
    public JournalConfig Journal { get; init; } = new();
}
