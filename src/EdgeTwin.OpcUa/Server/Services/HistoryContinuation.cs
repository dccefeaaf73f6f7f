using EdgeTwin.OpcUa.Types;

namespace EdgeTwin.OpcUa.Server.Services;

/// <summary>Where a HistoryRead of a node goes on.</summary>
/// <param name="Node">The node that it is for.</param>
/// <param name="State">What the provider needs to go on.</param>
internal sealed record HistoryContinuation(NodeId Node, object State);
