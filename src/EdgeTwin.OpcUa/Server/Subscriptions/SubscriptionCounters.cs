namespace EdgeTwin.OpcUa.Server.Subscriptions;

/// <summary>What SubscriptionDiagnosticsDataType counts (OPC 10000-5 §12.15). Guarded by the subscription's
/// lock.</summary>
internal sealed class SubscriptionCounters
{
    public uint Modify;
    public uint Enable;
    public uint Disable;
    public uint RepublishRequest;
    public uint RepublishMessageRequest;
    public uint RepublishMessage;
    public uint TransferRequest;
    public uint TransferredToAltClient;
    public uint TransferredToSameClient;
    public uint PublishRequest;
    public uint DataChangeNotifications;
    public uint EventNotifications;
    public uint Notifications;
    public uint LatePublishRequest;
    public uint MonitoringQueueOverflow;
    public uint EventQueueOverflow;
}
