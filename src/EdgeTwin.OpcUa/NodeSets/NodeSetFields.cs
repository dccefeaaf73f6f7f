namespace EdgeTwin.OpcUa.NodeSets;

/// <summary>Which attributes a node has in the compact form; the others have their defaults.</summary>
[Flags]
internal enum NodeSetFields : uint
{
    None = 0,
    IsAbstract = 1 << 0,
    IsSymmetric = 1 << 1,
    ContainsNoLoops = 1 << 2,
    Historizing = 1 << 3,
    NotExecutable = 1 << 4,

    /// <summary>When absent, the display name is the browse name.</summary>
    DisplayName = 1 << 5,
    Description = 1 << 6,
    WriteMask = 1 << 7,
    RolePermissions = 1 << 8,
    AccessRestrictions = 1 << 9,
    InverseName = 1 << 10,
    EventNotifier = 1 << 11,
    DataType = 1 << 12,
    ValueRank = 1 << 13,
    ArrayDimensions = 1 << 14,
    AccessLevel = 1 << 15,
    MinimumSamplingInterval = 1 << 16,
    MethodDeclarationId = 1 << 17,
    Structure = 1 << 18,
    Enumeration = 1 << 19,
    Value = 1 << 20,
}
