namespace EdgeTwin.OpcUa.Client.Subscriptions;

/// <summary>New values.</summary>
/// <param name="PublishTime">When the server published them, by its clock; when they arrived, if it does not
/// say.</param>
/// <param name="Changes">The values, the older of an item first.</param>
public sealed record DataChangeNotice(DateTime PublishTime, DataChange[] Changes) : SubscriptionNotice;
