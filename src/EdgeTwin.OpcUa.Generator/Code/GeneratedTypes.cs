namespace EdgeTwin.OpcUa.Generator.Code;

/// <summary>Which structures and enumerations of the schema become code: the services, what a gateway uses, and what
/// those need.</summary>
internal sealed class GeneratedTypes
{
    // Beside the service messages, whose names end in Request and Response.
    private static readonly string[] Roots =
    [
        "RequestHeader", "ResponseHeader", "ServiceFault", "ChannelSecurityToken",
        // Descriptions
        "Argument", "EUInformation", "Range", "AxisInformation", "XVType", "ComplexNumberType",
        "DoubleComplexNumberType",
        "EnumValueType", "EnumField", "EnumDefinition", "StructureField", "StructureDefinition", "TimeZoneDataType",
        "KeyValuePair", "RationalNumber", "DataTypeDescription", "StructureDescription", "EnumDescription",
        "SimpleTypeDescription", "QuantityDimension", "LinearConversionDataType", "CurrencyUnitType",
        "AliasNameDataType", "ReferenceDescriptionDataType", "ReferenceListEntryDataType",
        // Diagnostics
        "BuildInfo", "ServerStatusDataType", "ServerDiagnosticsSummaryDataType", "SessionDiagnosticsDataType",
        "SessionSecurityDiagnosticsDataType", "SubscriptionDiagnosticsDataType", "ServiceCounterDataType",
        "SamplingIntervalDiagnosticsDataType", "RedundantServerDataType", "EndpointUrlListDataType",
        "NetworkGroupDataType", "StatusResult", "ProgramDiagnostic2DataType",
        "ModelChangeStructureDataType", "SemanticChangeStructureDataType",
        // Security
        "SignedSoftwareCertificate", "RolePermissionType", "IdentityMappingRuleType", "AdditionalParametersType",
        "EphemeralKeyType", "TrustListDataType", "UserManagementDataType", "EndpointType",
        "AnonymousIdentityToken", "UserNameIdentityToken", "X509IdentityToken", "IssuedIdentityToken",
        "MdnsDiscoveryConfiguration",
        // Nodes
        "ObjectAttributes", "VariableAttributes", "MethodAttributes", "ObjectTypeAttributes", "VariableTypeAttributes",
        "ReferenceTypeAttributes", "DataTypeAttributes", "ViewAttributes", "GenericAttributes",
        // Filters, operands and notifications
        "ElementOperand", "LiteralOperand", "AttributeOperand", "SimpleAttributeOperand",
        "DataChangeFilter", "EventFilter", "AggregateFilter", "EventFilterResult", "AggregateFilterResult",
        "DataChangeNotification", "EventNotificationList", "StatusChangeNotification", "HistoryEventFieldList",
        // History
        "ReadEventDetails", "ReadEventDetails2", "ReadRawModifiedDetails", "ReadProcessedDetails", "ReadAtTimeDetails",
        "ReadAnnotationDataDetails", "HistoryData", "HistoryModifiedData", "HistoryEvent", "HistoryModifiedEvent",
        "UpdateDataDetails", "UpdateStructureDataDetails", "UpdateEventDetails", "DeleteRawModifiedDetails",
        "DeleteAtTimeDetails", "DeleteEventDetails", "Annotation",
    ];

    private static readonly string[] EnumerationRoots =
    [
        "NodeClass", "ServerState", "RedundancySupport", "AttributeWriteMask", "NodeAttributesMask",
        "AccessLevelType", "AccessLevelExType", "EventNotifierType", "PermissionType", "AccessRestrictionType",
        "OpenFileMode", "NamingRuleType", "ExceptionDeviationFormat", "AxisScaleEnumeration", "TrustListMasks",
        "HistoryUpdateType", "PerformUpdateType", "DeadbandType", "DataChangeTrigger", "FilterOperator",
        "ModelChangeStructureVerbMask", "MonitoringMode", "AlarmMask", "PasswordOptionsMask", "UserConfigurationMask",
        "IdentityCriteriaType",
    ];

    // Without IsAbstract in the nodeset, yet never sent as themselves.
    private static readonly HashSet<string> Bases =
    [
        "NotificationData", "MonitoringFilter", "MonitoringFilterResult", "HistoryReadDetails", "HistoryUpdateDetails",
        "DiscoveryConfiguration", "NodeAttributes",
    ];

    private readonly CoreNodeSet set;
    private readonly SortedDictionary<string, SchemaStructure> structures = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, SchemaEnumeration> enumerations = new(StringComparer.Ordinal);
    private readonly HashSet<string> fieldTypes = [];
    private readonly HashSet<string> bases = [];

    public GeneratedTypes(CoreNodeSet set)
    {
        this.set = set;
        foreach (var structure in set.Schema.Structures.Values)
            if (IsRequest(structure) || IsResponse(structure)) Add(structure.Name);
        foreach (var name in Roots) Add(name);
        foreach (var name in EnumerationRoots)
            if (set.Schema.Enumerations.TryGetValue(name, out var enumeration)) enumerations[name] = enumeration;
    }

    public IReadOnlyCollection<SchemaStructure> Structures => structures.Values;

    public IReadOnlyCollection<SchemaEnumeration> Enumerations => enumerations.Values;

    public static bool IsRequest(SchemaStructure structure) => structure.Fields is [{ Type: "RequestHeader" }, ..];

    public static bool IsResponse(SchemaStructure structure) => structure.Fields is [{ Type: "ResponseHeader" }, ..];

    public bool IsStructure(string type) => structures.ContainsKey(type);

    public SchemaEnumeration? Enumeration(string type) => enumerations.GetValueOrDefault(type);

    public SchemaStructure? Base(SchemaStructure structure) =>
        structure.BaseName is { } name ? structures[name] : null;

    /// <summary>A structure that is the type of some field by itself, so that it needs a default.</summary>
    public bool IsFieldType(string name) => fieldTypes.Contains(name);

    public bool IsBase(string name) => bases.Contains(name);

    public bool IsAbstract(string name) => Bases.Contains(name)
        || set.Nodes.Any(n => n.NodeClass == "DataType" && n.Name == name && n.IsAbstract);

    private void Add(string name)
    {
        if (structures.ContainsKey(name)) return;
        if (!set.Schema.Structures.TryGetValue(name, out var structure))
            throw new InvalidDataException($"The binary schema has no structure '{name}'.");
        structures.Add(name, structure);
        if (structure.BaseName is { } baseName)
        {
            bases.Add(baseName);
            Add(baseName);
        }

        foreach (var field in structure.Fields)
        {
            if (set.Schema.Enumerations.TryGetValue(field.Type, out var enumeration))
            {
                enumerations[field.Type] = enumeration;
            }
            else if (!BuiltIns.Contains(field.Type))
            {
                Add(field.Type);
                if (!field.IsArray) fieldTypes.Add(field.Type);
            }
        }
    }
}
