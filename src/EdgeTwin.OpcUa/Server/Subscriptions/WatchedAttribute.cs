using EdgeTwin.OpcUa.Server.Nodes;
using EdgeTwin.OpcUa.Types;

namespace EdgeTwin.OpcUa.Server.Subscriptions;

/// <summary>An attribute other than Value that an item watches.</summary>
/// <param name="Node">Whose attribute.</param>
/// <param name="Read">Reads it.</param>
internal sealed record WatchedAttribute(Node Node, Func<DataValue> Read);
