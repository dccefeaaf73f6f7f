namespace EdgeTwin.OpcUa.Client.Subscriptions;

/// <summary>Something a subscription has to tell, in order: <see cref="DataChangeNotice"/>, <see cref="EventNotice"/>,
/// <see cref="RecoveryNotice"/> or <see cref="GapNotice"/>.</summary>
public abstract record SubscriptionNotice
{
    private protected SubscriptionNotice()
    {
    }
}
