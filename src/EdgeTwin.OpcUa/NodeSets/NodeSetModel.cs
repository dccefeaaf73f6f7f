namespace EdgeTwin.OpcUa.NodeSets;

/// <summary>A model that a nodeset holds or requires (OPC 10000-6 annex F.5).</summary>
/// <param name="Uri">The namespace that the model defines.</param>
/// <param name="Version">Its version as the publisher writes it; null when not said.</param>
/// <param name="PublicationDate">When it was published; default when not said.</param>
public sealed record NodeSetModel(string Uri, string? Version, DateTime PublicationDate);
