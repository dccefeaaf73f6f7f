namespace EdgeTwin.OpcUa.Schema;

/// <summary>The ids of the attributes of nodes (OPC 10000-6 annex A.1).</summary>
public static class AttributeIds
{
    /// <summary>NodeId, of every node.</summary>
    public const uint NodeId = 1;

    /// <summary>NodeClass, of every node.</summary>
    public const uint NodeClass = 2;

    /// <summary>BrowseName, of every node.</summary>
    public const uint BrowseName = 3;

    /// <summary>DisplayName, of every node.</summary>
    public const uint DisplayName = 4;

    /// <summary>Description, of any node.</summary>
    public const uint Description = 5;

    /// <summary>WriteMask, of any node.</summary>
    public const uint WriteMask = 6;

    /// <summary>UserWriteMask, of any node.</summary>
    public const uint UserWriteMask = 7;

    /// <summary>IsAbstract, of types.</summary>
    public const uint IsAbstract = 8;

    /// <summary>Symmetric, of reference types.</summary>
    public const uint Symmetric = 9;

    /// <summary>InverseName, of reference types.</summary>
    public const uint InverseName = 10;

    /// <summary>ContainsNoLoops, of views.</summary>
    public const uint ContainsNoLoops = 11;

    /// <summary>EventNotifier, of objects and views.</summary>
    public const uint EventNotifier = 12;

    /// <summary>Value, of variables and variable types.</summary>
    public const uint Value = 13;

    /// <summary>DataType, of variables and variable types.</summary>
    public const uint DataType = 14;

    /// <summary>ValueRank, of variables and variable types.</summary>
    public const uint ValueRank = 15;

    /// <summary>ArrayDimensions, of variables and variable types.</summary>
    public const uint ArrayDimensions = 16;

    /// <summary>AccessLevel, of variables.</summary>
    public const uint AccessLevel = 17;

    /// <summary>UserAccessLevel, of variables.</summary>
    public const uint UserAccessLevel = 18;

    /// <summary>MinimumSamplingInterval, of variables.</summary>
    public const uint MinimumSamplingInterval = 19;

    /// <summary>Historizing, of variables.</summary>
    public const uint Historizing = 20;

    /// <summary>Executable, of methods.</summary>
    public const uint Executable = 21;

    /// <summary>UserExecutable, of methods.</summary>
    public const uint UserExecutable = 22;

    /// <summary>DataTypeDefinition, of data types.</summary>
    public const uint DataTypeDefinition = 23;

    /// <summary>RolePermissions, of any node.</summary>
    public const uint RolePermissions = 24;

    /// <summary>UserRolePermissions, of any node.</summary>
    public const uint UserRolePermissions = 25;

    /// <summary>AccessRestrictions, of any node.</summary>
    public const uint AccessRestrictions = 26;

    /// <summary>AccessLevelEx, of variables.</summary>
    public const uint AccessLevelEx = 27;
}
