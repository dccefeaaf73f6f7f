using EdgeTwin.OpcUa.NodeSets;
using EdgeTwin.OpcUa.Schema;
using EdgeTwin.OpcUa.Types;

namespace EdgeTwin.OpcUa.Server.Nodes;

/// <summary>Namespace 0 as this server has it: what the nodeset leaves open is filled in, what the server does not do
/// is taken out (OPC 10000-5 §6.3, §8.3). ServerStatus and diagnostics are filled by their owners.</summary>
internal static class Namespace0
{
    private static readonly string[] Profiles =
    [
        "http://opcfoundation.org/UA-Profile/Server/StandardUA2017",
        "http://opcfoundation.org/UA-Profile/Server/EnhancedDataChangeSubscription2017",
        "http://opcfoundation.org/UA-Profile/Server/StandardEventSubscription",
        "http://opcfoundation.org/UA-Profile/Server/DataAccess",
        "http://opcfoundation.org/UA-Profile/Server/Methods",
        "http://opcfoundation.org/UA-Profile/Server/Behaviour",
        "http://opcfoundation.org/UA-Profile/Server/ReverseConnect",
    ];

    private static readonly string[] Locales = ["en"];

    // Objects of the published nodeset that stand for functions which this server does not have.
    private static readonly NodeId[] NotHere =
    [
        NodeIds.PublishSubscribe, NodeIds.ServerConfiguration, NodeIds.Server_SetSubscriptionDurable, NodeIds.Aliases,
        new NodeId(0, 19372), // ServerLog
        NodeIds.Server_ServerDiagnostics_SamplingIntervalDiagnosticsArray,
        NodeIds.Server_ServerRedundancy_RedundantServerArray,
        NodeIds.WellKnownRole_TrustedApplication, NodeIds.WellKnownRole_SecurityKeyServerAdmin,
        NodeIds.WellKnownRole_SecurityKeyServerAccess, NodeIds.WellKnownRole_SecurityKeyServerPush,
    ];

    /// <summary>A space with namespace 0 in it, and the application's URI as namespace 1.</summary>
    public static AddressSpace Create(TimeProvider time, ServerLimits limits, string applicationUri)
    {
        var space = new AddressSpace(time);
        space.Load(StandardNodeSets.ReadCore());
        space.Namespaces.Add(applicationUri);
        foreach (var id in NotHere)
        {
            space.Remove(id);
        }

        var now = time.GetUtcNow().UtcDateTime;
        FillTables(space, time, applicationUri);
        FillCapabilities(space, limits, now);
        FillHistoryCapabilities(space, now);
        FillRoles(space, now);
        return space;
    }

    /// <summary>Describes a namespace below Server/Namespaces (OPC 10000-5 §6.3.13), unless its nodeset did.</summary>
    /// <param name="space">The space.</param>
    /// <param name="uri">The namespace; added when it is new.</param>
    /// <param name="version">Its version; null when it has none.</param>
    /// <param name="published">When its model was published.</param>
    public static void Describe(AddressSpace space, string uri, string? version, DateTime published)
    {
        var index = space.Namespaces.Add(uri);
        if (space.Resolve(NodeIds.Server_Namespaces, new QualifiedName(index, uri)) is not null)
        {
            return;
        }

        var id = new NodeId(index, "Namespace");
        space.Instantiate(NodeIds.NamespaceMetadataType, NodeIds.Server_Namespaces, NodeIds.HasComponent, id,
            new QualifiedName(index, uri));
        var now = published;
        SetChild(space, id, "NamespaceUri", uri, now);
        SetChild(space, id, "NamespaceVersion", version ?? "", now);
        SetChild(space, id, "NamespacePublicationDate", published, now);
        SetChild(space, id, "IsNamespaceSubset", false, now);
        // Ids are derived from names, and those come from configuration: none is promised for ever.
        SetChild(space, id, "StaticNodeIdTypes", Variant.Of(Array.Empty<int>()), now);
        SetChild(space, id, "StaticNumericNodeIdRange", Variant.Of(Array.Empty<string>()), now);
        SetChild(space, id, "StaticStringNodeIdPattern", "", now);
    }

    /// <summary>Gives a variable its value.</summary>
    internal static void Set(AddressSpace space, NodeId id, in Variant value, DateTime now) =>
        (space.Find(id) as VariableNode)?.Set(new DataValue(value, default, now, now));

    private static void SetChild(AddressSpace space, NodeId parent, string name, in Variant value, DateTime now) =>
        (space.Resolve(parent, name) as VariableNode)?.Set(new DataValue(value, default, now, now));

    private static void FillTables(AddressSpace space, TimeProvider time, string applicationUri)
    {
        var start = time.GetUtcNow().UtcDateTime;
        Set(space, NodeIds.Server_ServerArray, Variant.Of(new[] { applicationUri }), start);
        space.Get<VariableNode>(NodeIds.Server_NamespaceArray).Computed = () => Now(Variant.Of(space.Namespaces.Uris));
        // A VersionTime (OPC 10000-5 §12.2.12): seconds since 2000, later with every namespace that is added.
        var version = (uint)(start - new DateTime(2000, 1, 1, 0, 0, 0, DateTimeKind.Utc)).TotalSeconds;
        space.Get<VariableNode>(NodeIds.Server_UrisVersion).Computed =
            () => Now(version + (uint)space.Namespaces.Count);
        var zone = TimeZoneInfo.Local;
        space.Get<VariableNode>(NodeIds.Server_LocalTime).Computed = () => Now(Variant.Of(new TimeZoneDataType
        {
            Offset = (short)zone.GetUtcOffset(time.GetUtcNow()).TotalMinutes,
            DaylightSavingInOffset = zone.IsDaylightSavingTime(time.GetUtcNow()),
        }));
        Set(space, NodeIds.Server_ServerRedundancy_RedundancySupport, (int)RedundancySupport.None, start);
        Set(space, NodeIds.Server_Auditing, false, start);
        Set(space, NodeIds.Server_ServiceLevel, (byte)255, start);
        Set(space, NodeIds.Server_EstimatedReturnTime, default(DateTime), start);

        DataValue Now(in Variant value)
        {
            var now = time.GetUtcNow().UtcDateTime;
            return new DataValue(value, default, now, now);
        }
    }

    private static void FillCapabilities(AddressSpace space, ServerLimits limits, DateTime now)
    {
        void Put(uint id, in Variant value) => Set(space, id, value, now);

        Put(NodeIds.Server_ServerCapabilities_ServerProfileArray, Variant.Of(Profiles));
        Put(NodeIds.Server_ServerCapabilities_LocaleIdArray, Variant.Of(Locales));
        Put(NodeIds.Server_ServerCapabilities_MinSupportedSampleRate, limits.MinSupportedSampleRate);
        Put(NodeIds.Server_ServerCapabilities_MaxBrowseContinuationPoints, limits.MaxBrowseContinuationPoints);
        Put(NodeIds.Server_ServerCapabilities_MaxQueryContinuationPoints, (ushort)0);
        Put(NodeIds.Server_ServerCapabilities_MaxHistoryContinuationPoints, limits.MaxHistoryContinuationPoints);
        Put(NodeIds.Server_ServerCapabilities_SoftwareCertificates, Variant.Of(Array.Empty<ExtensionObject>()));
        Put(NodeIds.Server_ServerCapabilities_ConformanceUnits, Variant.Of(Array.Empty<QualifiedName>()));
        Put(NodeIds.Server_ServerCapabilities_MaxArrayLength, limits.MaxArrayLength);
        Put(NodeIds.Server_ServerCapabilities_MaxStringLength, limits.MaxStringLength);
        Put(NodeIds.Server_ServerCapabilities_MaxByteStringLength, limits.MaxByteStringLength);
        Put(NodeIds.Server_ServerCapabilities_MaxSessions, limits.MaxSessions);
        Put(NodeIds.Server_ServerCapabilities_MaxSubscriptions, limits.MaxSubscriptions);
        Put(NodeIds.Server_ServerCapabilities_MaxMonitoredItems, limits.MaxMonitoredItems);
        Put(NodeIds.Server_ServerCapabilities_MaxSubscriptionsPerSession, limits.MaxSubscriptionsPerSession);
        Put(NodeIds.Server_ServerCapabilities_MaxMonitoredItemsPerSubscription,
            limits.MaxMonitoredItemsPerSubscription);
        Put(NodeIds.Server_ServerCapabilities_MaxSelectClauseParameters, limits.MaxSelectClauseParameters);
        Put(NodeIds.Server_ServerCapabilities_MaxWhereClauseParameters, limits.MaxWhereClauseParameters);
        Put(NodeIds.Server_ServerCapabilities_MaxMonitoredItemsQueueSize, limits.MaxMonitoredItemsQueueSize);
        Put(NodeIds.Server_ServerCapabilities_OperationLimits_MaxNodesPerRead, limits.MaxNodesPerRead);
        Put(NodeIds.Server_ServerCapabilities_OperationLimits_MaxNodesPerHistoryReadData,
            limits.MaxNodesPerHistoryRead);
        Put(NodeIds.Server_ServerCapabilities_OperationLimits_MaxNodesPerHistoryReadEvents,
            limits.MaxNodesPerHistoryRead);
        Put(NodeIds.Server_ServerCapabilities_OperationLimits_MaxNodesPerWrite, limits.MaxNodesPerWrite);
        Put(NodeIds.Server_ServerCapabilities_OperationLimits_MaxNodesPerHistoryUpdateData,
            limits.MaxNodesPerHistoryUpdate);
        Put(NodeIds.Server_ServerCapabilities_OperationLimits_MaxNodesPerHistoryUpdateEvents,
            limits.MaxNodesPerHistoryUpdate);
        Put(NodeIds.Server_ServerCapabilities_OperationLimits_MaxNodesPerMethodCall, limits.MaxNodesPerMethodCall);
        Put(NodeIds.Server_ServerCapabilities_OperationLimits_MaxNodesPerBrowse, limits.MaxNodesPerBrowse);
        Put(NodeIds.Server_ServerCapabilities_OperationLimits_MaxNodesPerRegisterNodes,
            limits.MaxNodesPerRegisterNodes);
        Put(NodeIds.Server_ServerCapabilities_OperationLimits_MaxNodesPerTranslateBrowsePathsToNodeIds,
            limits.MaxNodesPerTranslateBrowsePathsToNodeIds);
        // NodeManagement is not offered: 0 would mean "no limit", so the property goes.
        space.Remove(NodeIds.Server_ServerCapabilities_OperationLimits_MaxNodesPerNodeManagement);
        Put(NodeIds.Server_ServerCapabilities_OperationLimits_MaxMonitoredItemsPerCall,
            limits.MaxMonitoredItemsPerCall);
    }

    // Nothing is recorded until a history provider says otherwise.
    private static void FillHistoryCapabilities(AddressSpace space, DateTime now)
    {
        foreach (var reference in space.Get<Node>(NodeIds.HistoryServerCapabilities).References)
        {
            if (reference.Target is VariableNode property && property.Get().Value.IsNull)
            {
                Variant none = property.DataType == NodeIds.Boolean ? false : 0u;
                property.Set(new DataValue(none, default, now, now));
            }
        }
    }

    // Who has a role is configured at the server, not over OPC UA: what would change it goes.
    private static void FillRoles(AddressSpace space, DateTime now)
    {
        RemoveAll(space, space.Get<Node>(NodeIds.Server_ServerCapabilities_RoleSet), static n => n is MethodNode);
        foreach (var reference in space.Get<Node>(NodeIds.Server_ServerCapabilities_RoleSet).References)
        {
            if (reference.IsInverse || reference.Target is not ObjectNode role)
            {
                continue;
            }

            RemoveAll(space, role, static n => n is MethodNode || (n is VariableNode && n.BrowseName != "Identities"));
            var rules = role.Id.Number switch
            {
                NodeIds.WellKnownRole_Anonymous => [Rule(IdentityCriteriaType.Anonymous)],
                NodeIds.WellKnownRole_AuthenticatedUser => [Rule(IdentityCriteriaType.AuthenticatedUser)],
                _ => Array.Empty<IdentityMappingRuleType>(),
            };
            SetChild(space, role.Id, "Identities", Variant.OfStructures(rules), now);
        }
    }

    private static IdentityMappingRuleType Rule(IdentityCriteriaType criteria) => new() { CriteriaType = criteria };

    private static void RemoveAll(AddressSpace space, Node parent, Predicate<Node> wanted)
    {
        foreach (var reference in parent.References)
        {
            if (!reference.IsInverse && wanted(reference.Target))
            {
                space.Remove(reference.Target.Id);
            }
        }
    }
}
