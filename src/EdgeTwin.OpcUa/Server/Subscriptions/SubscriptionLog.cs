using Microsoft.Extensions.Logging;

namespace EdgeTwin.OpcUa.Server.Subscriptions;

/// <summary>What subscriptions write to the log.</summary>
internal static partial class SubscriptionLog
{
    [LoggerMessage(2100, LogLevel.Error, "A publishing cycle failed; the next one follows")]
    public static partial void PublishingFailed(ILogger logger, Exception e);

    [LoggerMessage(2101, LogLevel.Information,
        "Subscription {SubscriptionId} has ended: no Publish request for its lifetime, {Items} items are gone")]
    public static partial void Expired(ILogger logger, uint subscriptionId, int items);
}
