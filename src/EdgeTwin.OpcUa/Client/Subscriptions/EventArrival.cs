using EdgeTwin.OpcUa.Types;

namespace EdgeTwin.OpcUa.Client.Subscriptions;

/// <summary>An event that an item's filter selected.</summary>
/// <param name="Item">The item.</param>
/// <param name="Fields">One value for each select clause, in their order.</param>
public readonly record struct EventArrival(ClientItem Item, Variant[] Fields);
