using EdgeTwin.OpcUa.Client;
using EdgeTwin.OpcUa.Types;

namespace EdgeTwin.Cli;

/// <summary>A node, and its value where it is a variable.</summary>
internal sealed record NodeTreeEntry(BrowsedNode Node, DataValue? Value);
