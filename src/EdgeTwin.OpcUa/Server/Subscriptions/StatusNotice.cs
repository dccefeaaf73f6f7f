using EdgeTwin.OpcUa.Types;

namespace EdgeTwin.OpcUa.Server.Subscriptions;

/// <summary>What a session is told about a subscription that it no longer has.</summary>
/// <param name="SubscriptionId">The subscription.</param>
/// <param name="SequenceNumber">Number of the message.</param>
/// <param name="Status">BadTimeout or GoodSubscriptionTransferred.</param>
internal readonly record struct StatusNotice(uint SubscriptionId, uint SequenceNumber, StatusCode Status);
