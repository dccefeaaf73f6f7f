using EdgeTwin.OpcUa.Schema;
using EdgeTwin.OpcUa.Server.Sessions;
using EdgeTwin.OpcUa.Server.Subscriptions;
using EdgeTwin.OpcUa.Server.Users;
using EdgeTwin.OpcUa.Types;

namespace EdgeTwin.OpcUa.Server.Diagnostics;

/// <summary>Makes the diagnostics of a session (OPC 10000-5 §12.12, §12.13) from its state. The authentication token
/// is in none of them.</summary>
internal static class SessionFigures
{
    private static readonly Dictionary<string, Func<SessionDiagnosticsDataType, Variant>> Fields = new()
    {
        ["SessionId"] = static d => d.SessionId,
        ["SessionName"] = static d => d.SessionName,
        ["ClientDescription"] = static d => Variant.Of(d.ClientDescription),
        ["ServerUri"] = static d => d.ServerUri,
        ["EndpointUrl"] = static d => d.EndpointUrl,
        ["LocaleIds"] = static d => Variant.Of(d.LocaleIds),
        ["ActualSessionTimeout"] = static d => d.ActualSessionTimeout,
        ["MaxResponseMessageSize"] = static d => d.MaxResponseMessageSize,
        ["ClientConnectionTime"] = static d => d.ClientConnectionTime,
        ["ClientLastContactTime"] = static d => d.ClientLastContactTime,
        ["CurrentSubscriptionsCount"] = static d => d.CurrentSubscriptionsCount,
        ["CurrentMonitoredItemsCount"] = static d => d.CurrentMonitoredItemsCount,
        ["CurrentPublishRequestsInQueue"] = static d => d.CurrentPublishRequestsInQueue,
        ["TotalRequestCount"] = static d => Variant.Of(d.TotalRequestCount),
        ["UnauthorizedRequestCount"] = static d => d.UnauthorizedRequestCount,
    };

    private static readonly Dictionary<string, Func<SessionSecurityDiagnosticsDataType, Variant>> SecurityFields = new()
    {
        ["SessionId"] = static d => d.SessionId,
        ["ClientUserIdOfSession"] = static d => d.ClientUserIdOfSession,
        ["ClientUserIdHistory"] = static d => Variant.Of(d.ClientUserIdHistory),
        ["AuthenticationMechanism"] = static d => d.AuthenticationMechanism,
        ["Encoding"] = static d => d.Encoding,
        ["TransportProtocol"] = static d => d.TransportProtocol,
        ["SecurityMode"] = static d => (int)d.SecurityMode,
        ["SecurityPolicyUri"] = static d => d.SecurityPolicyUri,
        ["ClientCertificate"] = static d => d.ClientCertificate,
    };

    public static SessionDiagnosticsDataType Of(Session session, SubscriptionManager subscriptions)
    {
        var own = subscriptions.All.Where(s => ReferenceEquals(s.Owner?.Session, session)).ToList();
        var counters = session.Counters;
        return new SessionDiagnosticsDataType
        {
            SessionId = session.SessionId,
            SessionName = session.Name,
            ClientDescription = session.Client,
            ServerUri = session.ServerUri,
            EndpointUrl = session.EndpointUrl,
            LocaleIds = [.. session.LocaleIds],
            ActualSessionTimeout = session.Timeout.TotalMilliseconds,
            MaxResponseMessageSize = session.MaxResponseMessageSize,
            ClientConnectionTime = session.ConnectedAt,
            ClientLastContactTime = session.LastContactAt,
            CurrentSubscriptionsCount = (uint)own.Count,
            CurrentMonitoredItemsCount = (uint)own.Sum(static s => s.ItemCount),
            CurrentPublishRequestsInQueue = (uint)subscriptions.Of(session).WaitingRequests,
            TotalRequestCount = counters.Total,
            UnauthorizedRequestCount = counters.Unauthorized,
            ReadCount = counters[ServiceCounter.Read],
            HistoryReadCount = counters[ServiceCounter.HistoryRead],
            WriteCount = counters[ServiceCounter.Write],
            HistoryUpdateCount = counters[ServiceCounter.HistoryUpdate],
            CallCount = counters[ServiceCounter.Call],
            CreateMonitoredItemsCount = counters[ServiceCounter.CreateMonitoredItems],
            ModifyMonitoredItemsCount = counters[ServiceCounter.ModifyMonitoredItems],
            SetMonitoringModeCount = counters[ServiceCounter.SetMonitoringMode],
            SetTriggeringCount = counters[ServiceCounter.SetTriggering],
            DeleteMonitoredItemsCount = counters[ServiceCounter.DeleteMonitoredItems],
            CreateSubscriptionCount = counters[ServiceCounter.CreateSubscription],
            ModifySubscriptionCount = counters[ServiceCounter.ModifySubscription],
            SetPublishingModeCount = counters[ServiceCounter.SetPublishingMode],
            PublishCount = counters[ServiceCounter.Publish],
            RepublishCount = counters[ServiceCounter.Republish],
            TransferSubscriptionsCount = counters[ServiceCounter.TransferSubscriptions],
            DeleteSubscriptionsCount = counters[ServiceCounter.DeleteSubscriptions],
            BrowseCount = counters[ServiceCounter.Browse],
            BrowseNextCount = counters[ServiceCounter.BrowseNext],
            TranslateBrowsePathsToNodeIdsCount = counters[ServiceCounter.TranslateBrowsePathsToNodeIds],
            RegisterNodesCount = counters[ServiceCounter.RegisterNodes],
            UnregisterNodesCount = counters[ServiceCounter.UnregisterNodes],
        };
    }

    public static SessionSecurityDiagnosticsDataType SecurityOf(Session session) => new()
    {
        SessionId = session.SessionId,
        ClientUserIdOfSession = session.User.Name,
        ClientUserIdHistory = session.UserHistory(),
        AuthenticationMechanism = session.User.Kind switch
        {
            UserKind.Anonymous => "Anonymous",
            UserKind.UserName => "UserName",
            _ => "Certificate",
        },
        Encoding = "UA Binary",
        TransportProtocol = "UA TCP",
        SecurityMode = session.SecurityMode,
        SecurityPolicyUri = session.SecurityPolicyUri,
        ClientCertificate = session.ClientCertificate,
    };

    /// <summary>How to get the field of a part of SessionDiagnostics; null when it has no such field.</summary>
    public static Func<SessionDiagnosticsDataType, ServiceCounters, Variant>? Field(string name)
    {
        if (Fields.TryGetValue(name, out var field)) return (figures, _) => field(figures);
        return name.EndsWith("Count", StringComparison.Ordinal)
            && Enum.TryParse<ServiceCounter>(name[..^5], out var counter)
            ? (_, counters) => Variant.Of(counters[counter])
            : null;
    }

    /// <summary>How to get the field of a part of SessionSecurityDiagnostics; null when it has no such field.</summary>
    public static Func<SessionSecurityDiagnosticsDataType, Variant>? SecurityField(string name) =>
        SecurityFields.GetValueOrDefault(name);
}
