using EdgeTwin.Assets;
using EdgeTwin.Tags;

namespace EdgeTwin.Serving.OpcUa;

/// <summary>What of a gateway is to be seen over OPC UA: what the configuration says, not the values.</summary>
internal sealed record ServedTwin
{
    /// <summary>The machine.</summary>
    public required Asset Asset { get; init; }

    /// <summary>Its tags; retired ones are passed over.</summary>
    public required IReadOnlyList<TagDefinition> Tags { get; init; }

    /// <summary>How the gateway itself is.</summary>
    public IReadOnlyList<DiagnosticItem> Diagnostics { get; init; } = [];

    /// <summary>Namespace of the nodes.</summary>
    public required string NamespaceUri { get; init; }

    /// <summary>The namespace of a machine's nodes where the configuration names none.</summary>
    public static string NamespaceUriOf(Asset asset) => $"urn:edgetwin:asset:{asset.Path}";
}
