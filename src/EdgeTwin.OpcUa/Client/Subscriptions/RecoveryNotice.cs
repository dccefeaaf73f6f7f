using EdgeTwin.OpcUa.Types;

namespace EdgeTwin.OpcUa.Client.Subscriptions;

/// <summary>The subscription works again after the connection was lost.</summary>
/// <param name="Kind">How it came back.</param>
/// <param name="LostAt">When the loss was noticed, UTC.</param>
/// <param name="RestoredAt">When it worked again, UTC.</param>
/// <param name="Reason">Why the connection was lost.</param>
public sealed record RecoveryNotice(RecoveryKind Kind, DateTime LostAt, DateTime RestoredAt, StatusCode Reason)
    : SubscriptionNotice;
