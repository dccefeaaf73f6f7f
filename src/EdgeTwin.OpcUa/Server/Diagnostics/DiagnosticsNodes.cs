using EdgeTwin.OpcUa.Schema;
using EdgeTwin.OpcUa.Server.Nodes;
using EdgeTwin.OpcUa.Server.Sessions;
using EdgeTwin.OpcUa.Server.Subscriptions;
using EdgeTwin.OpcUa.Types;

namespace EdgeTwin.OpcUa.Server.Diagnostics;

/// <summary>ServerDiagnostics (OPC 10000-5 §6.3.3): the summary, the arrays, and an object per session while it
/// lasts. All is made
/// when it is read. EnabledFlag, which administrators write, takes it away and brings it back.</summary>
internal sealed class DiagnosticsNodes : ISessionListener, IVariableWriter
{
    private readonly AddressSpace space;
    private readonly SessionManager sessions;
    private readonly SubscriptionManager subscriptions;
    private readonly FailureLog failures;
    private readonly TimeProvider time;
    private readonly Lock gate = new(); // guards enabled, and the objects against it
    private volatile bool enabled = true;

    public DiagnosticsNodes(AddressSpace space, SessionManager sessions, SubscriptionManager subscriptions,
        FailureLog failures, TimeProvider time)
    {
        (this.space, this.sessions, this.subscriptions, this.failures, this.time) =
            (space, sessions, subscriptions, failures, time);
        FillSummary();
        FillArrays();
        FillEnabledFlag();
    }

    /// <inheritdoc/>
    public void OnSessionActivated(Session session, bool first)
    {
        if (!first) return;
        lock (gate)
        {
            if (enabled && !session.IsClosed) Add(session);
        }
    }

    /// <inheritdoc/>
    public void OnSessionClosed(Session session, bool deleteSubscriptions, StatusCode reason)
    {
        lock (gate) Remove(session);
    }

    /// <inheritdoc/>
    public ValueTask<StatusCode> WriteAsync(VariableWrite write, CancellationToken cancellationToken)
    {
        var on = write.Value.Value.Get<bool>();
        lock (gate)
        {
            if (on != enabled)
            {
                enabled = on;
                foreach (var session in sessions.Table.All)
                {
                    if (!on) Remove(session);
                    else if (session.IsActivated) Add(session);
                }
            }
        }

        space.Get<VariableNode>(NodeIds.Server_ServerDiagnostics_EnabledFlag).Set(Value(on));
        return new ValueTask<StatusCode>(new StatusCode(StatusCodes.Good));
    }

    private void FillEnabledFlag()
    {
        if (space.Find(NodeIds.Server_ServerDiagnostics_EnabledFlag) is not VariableNode flag) return;
        flag.Set(Value(true));
        flag.AccessLevel |= AccessLevelExType.CurrentWrite;
        flag.Writer = this;
        flag.RolePermissions = AdminRules.ReadByAll;
    }

    private void FillSummary()
    {
        Compute(NodeIds.Server_ServerDiagnostics_ServerDiagnosticsSummary, () => Variant.Of(Summary()));
        Compute(NodeIds.Server_ServerDiagnostics_ServerDiagnosticsSummary_ServerViewCount, () => 0u);
        Compute(NodeIds.Server_ServerDiagnostics_ServerDiagnosticsSummary_CurrentSessionCount,
            () => (uint)sessions.Table.Count);
        Compute(NodeIds.Server_ServerDiagnostics_ServerDiagnosticsSummary_CumulatedSessionCount,
            () => sessions.CreatedCount);
        Compute(NodeIds.Server_ServerDiagnostics_ServerDiagnosticsSummary_SecurityRejectedSessionCount,
            () => sessions.SecurityRejectedCount);
        Compute(NodeIds.Server_ServerDiagnostics_ServerDiagnosticsSummary_RejectedSessionCount,
            () => sessions.RejectedCount);
        Compute(NodeIds.Server_ServerDiagnostics_ServerDiagnosticsSummary_SessionTimeoutCount,
            () => sessions.TimeoutCount);
        Compute(NodeIds.Server_ServerDiagnostics_ServerDiagnosticsSummary_SessionAbortCount,
            () => sessions.AbortCount);
        Compute(NodeIds.Server_ServerDiagnostics_ServerDiagnosticsSummary_PublishingIntervalCount,
            () => Summary().PublishingIntervalCount);
        Compute(NodeIds.Server_ServerDiagnostics_ServerDiagnosticsSummary_CurrentSubscriptionCount,
            () => (uint)subscriptions.Count);
        Compute(NodeIds.Server_ServerDiagnostics_ServerDiagnosticsSummary_CumulatedSubscriptionCount,
            () => subscriptions.CreatedCount);
        Compute(NodeIds.Server_ServerDiagnostics_ServerDiagnosticsSummary_SecurityRejectedRequestsCount,
            () => failures.SecurityRejectedCount);
        Compute(NodeIds.Server_ServerDiagnostics_ServerDiagnosticsSummary_RejectedRequestsCount,
            () => failures.RejectedCount);
    }

    private void FillArrays()
    {
        Compute(NodeIds.Server_ServerDiagnostics_SubscriptionDiagnosticsArray,
            () => Variant.OfStructures([.. subscriptions.All.Select(static s => s.Diagnose())]));
        Compute(NodeIds.Server_ServerDiagnostics_SessionsDiagnosticsSummary_SessionDiagnosticsArray, () =>
            Variant.OfStructures([.. sessions.Table.All.Select(s => SessionFigures.Of(s, subscriptions))]));
        Compute(NodeIds.Server_ServerDiagnostics_SessionsDiagnosticsSummary_SessionSecurityDiagnosticsArray, () =>
            Variant.OfStructures([.. sessions.Table.All.Select(SessionFigures.SecurityOf)]));
        if (space.Find(NodeIds.Server_ServerDiagnostics_SessionsDiagnosticsSummary_SessionSecurityDiagnosticsArray)
            is { } security)
        {
            security.RolePermissions = AdminRules.ReadByAdmins;
        }
    }

    private ServerDiagnosticsSummaryDataType Summary() => new()
    {
        CurrentSessionCount = (uint)sessions.Table.Count,
        CumulatedSessionCount = sessions.CreatedCount,
        SecurityRejectedSessionCount = sessions.SecurityRejectedCount,
        RejectedSessionCount = sessions.RejectedCount,
        SessionTimeoutCount = sessions.TimeoutCount,
        SessionAbortCount = sessions.AbortCount,
        CurrentSubscriptionCount = (uint)subscriptions.Count,
        CumulatedSubscriptionCount = subscriptions.CreatedCount,
        PublishingIntervalCount = (uint)subscriptions.All.Select(static s => s.PublishingInterval).Distinct().Count(),
        SecurityRejectedRequestsCount = failures.SecurityRejectedCount,
        RejectedRequestsCount = failures.RejectedCount,
    };

    // Sessions come and go: no model-change event tells of them.
    private void Add(Session session) => space.ChangeQuietly(() =>
    {
        if (space.Find(session.SessionId) is not null) return;
        space.Instantiate(NodeIds.SessionDiagnosticsObjectType,
            NodeIds.Server_ServerDiagnostics_SessionsDiagnosticsSummary, NodeIds.HasComponent, session.SessionId,
            new QualifiedName(1, session.Name));
        FillSession(session);
    });

    private void Remove(Session session) => space.ChangeQuietly(() => space.Remove(session.SessionId));

    private void FillSession(Session session)
    {
        foreach (var reference in space.Get<ObjectNode>(session.SessionId).References)
        {
            if (reference.IsInverse || reference.Target is not VariableNode variable) continue;
            switch (variable.BrowseName.Name)
            {
                case "SessionDiagnostics":
                    Compute(variable, () => Variant.Of(SessionFigures.Of(session, subscriptions)));
                    FillParts(variable, name => SessionFigures.Field(name) is { } field
                        ? () => field(SessionFigures.Of(session, subscriptions), session.Counters)
                        : null);
                    break;
                case "SessionSecurityDiagnostics":
                    variable.RolePermissions = AdminRules.ReadByAdmins;
                    Compute(variable, () => Variant.Of(SessionFigures.SecurityOf(session)));
                    FillParts(variable, name => SessionFigures.SecurityField(name) is { } field
                        ? () => field(SessionFigures.SecurityOf(session))
                        : null, AdminRules.ReadByAdmins);
                    break;
                case "SubscriptionDiagnosticsArray":
                    Compute(variable, () => Variant.OfStructures([.. subscriptions.All
                        .Where(s => ReferenceEquals(s.Owner?.Session, session)).Select(static s => s.Diagnose())]));
                    break;
            }
        }
    }

    private void FillParts(
        VariableNode parent, Func<string, Func<Variant>?> part, RolePermissionType[]? permissions = null)
    {
        foreach (var reference in parent.References)
        {
            if (reference.IsInverse || reference.Target is not VariableNode child) continue;
            if (part(child.BrowseName.Name ?? "") is { } value) Compute(child, value);
            if (permissions is not null) child.RolePermissions = permissions;
        }
    }

    private void Compute(NodeId id, Func<Variant> value)
    {
        if (space.Find(id) is VariableNode node) Compute(node, value);
    }

    private void Compute(VariableNode node, Func<Variant> value) =>
        node.Computed = () => enabled ? Value(value()) : new DataValue(StatusCodes.BadOutOfService);

    private DataValue Value(in Variant value)
    {
        var now = time.GetUtcNow().UtcDateTime;
        return new DataValue(value, default, now, now);
    }
}
