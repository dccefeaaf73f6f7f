namespace EdgeTwin.OpcUa.Client.Subscriptions;

/// <summary>Values or events may be missing that the server no longer has in its queues; its history may have
/// them.</summary>
/// <param name="From">Publish time of the last notification before, by the server's clock; when nothing came before,
/// the time of the loss.</param>
/// <param name="To">When the missing ends, UTC.</param>
public sealed record GapNotice(DateTime From, DateTime To) : SubscriptionNotice;
