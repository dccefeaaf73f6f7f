using EdgeTwin.OpcUa.Types;

namespace EdgeTwin.OpcUa.Client.Subscriptions;

/// <summary>What was lost, for those who tell it.</summary>
/// <param name="LostAt">When the loss was noticed, UTC.</param>
/// <param name="Reason">Why.</param>
internal sealed record Outage(DateTime LostAt, StatusCode Reason);
