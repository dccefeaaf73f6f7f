namespace EdgeTwin.OpcUa.Client.Subscriptions;

/// <summary>New events.</summary>
/// <param name="PublishTime">When the server published them, by its clock; when they arrived, if it does not
/// say.</param>
/// <param name="Events">The events, the oldest first.</param>
public sealed record EventNotice(DateTime PublishTime, EventArrival[] Events) : SubscriptionNotice;
