using EdgeTwin.OpcUa.Schema;

namespace EdgeTwin.OpcUa.Server.Subscriptions;

/// <summary>Makes SubscriptionDiagnosticsDataType (OPC 10000-5 §12.15).</summary>
internal static class SubscriptionDiagnostics
{
    /// <summary>Called with the subscription's lock held.</summary>
    public static SubscriptionDiagnosticsDataType Of(Subscription subscription, PublishingState state,
        uint disabledItems, uint unacknowledged, uint discarded, uint nextNumber)
    {
        var counters = subscription.Counters;
        return new SubscriptionDiagnosticsDataType
        {
            SessionId = subscription.Owner?.Session.SessionId ?? default,
            SubscriptionId = subscription.Id,
            Priority = subscription.Priority,
            PublishingInterval = TimeSpan.FromTicks(subscription.PublishingInterval).TotalMilliseconds,
            MaxKeepAliveCount = state.KeepAliveCount,
            MaxLifetimeCount = state.LifetimeCount,
            MaxNotificationsPerPublish = subscription.MaxNotificationsPerPublish,
            PublishingEnabled = subscription.PublishingEnabled,
            ModifyCount = counters.Modify,
            EnableCount = counters.Enable,
            DisableCount = counters.Disable,
            RepublishRequestCount = counters.RepublishRequest,
            RepublishMessageRequestCount = counters.RepublishMessageRequest,
            RepublishMessageCount = counters.RepublishMessage,
            TransferRequestCount = counters.TransferRequest,
            TransferredToAltClientCount = counters.TransferredToAltClient,
            TransferredToSameClientCount = counters.TransferredToSameClient,
            PublishRequestCount = counters.PublishRequest,
            DataChangeNotificationsCount = counters.DataChangeNotifications,
            EventNotificationsCount = counters.EventNotifications,
            NotificationsCount = counters.Notifications,
            LatePublishRequestCount = counters.LatePublishRequest,
            CurrentKeepAliveCount = state.CurrentKeepAliveCount,
            CurrentLifetimeCount = state.CurrentLifetimeCount,
            UnacknowledgedMessageCount = unacknowledged,
            DiscardedMessageCount = discarded,
            MonitoredItemCount = (uint)subscription.ItemCount,
            DisabledMonitoredItemCount = disabledItems,
            MonitoringQueueOverflowCount = counters.MonitoringQueueOverflow,
            NextSequenceNumber = nextNumber,
            EventQueueOverflowCount = counters.EventQueueOverflow,
        };
    }
}
