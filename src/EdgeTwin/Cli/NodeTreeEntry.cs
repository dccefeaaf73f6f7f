using EdgeTwin.OpcUa.Client;
using EdgeTwin.OpcUa.Types;

namespace EdgeTwin.Cli;

/// <summary>A node where it is shown, and its value where it is a variable.</summary>
/// <param name="Node">The node, by the reference that leads to it here.</param>
/// <param name="Value">Its value.</param>
/// <param name="IsHome">Whether it is shown here with all below it; elsewhere one line says where.</param>
internal sealed record NodeTreeEntry(BrowsedNode Node, DataValue? Value, bool IsHome);
