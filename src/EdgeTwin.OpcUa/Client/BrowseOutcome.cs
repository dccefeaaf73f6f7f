using EdgeTwin.OpcUa.Types;

namespace EdgeTwin.OpcUa.Client;

/// <summary>What browsing found.</summary>
/// <param name="Nodes">Each node once (but for <see cref="BrowseOptions.IncludeRepeats"/>), the nearest to the start
/// first.</param>
/// <param name="IsTruncated">Whether <see cref="BrowseOptions.MaxNodes"/> ended it.</param>
/// <param name="Failures">Nodes that the server would not show, with its reason.</param>
public sealed record BrowseOutcome(
    IReadOnlyList<BrowsedNode> Nodes, bool IsTruncated, IReadOnlyList<(NodeId Node, StatusCode Status)> Failures);
