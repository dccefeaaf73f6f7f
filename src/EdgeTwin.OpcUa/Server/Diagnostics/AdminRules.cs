using EdgeTwin.OpcUa.Schema;
using EdgeTwin.OpcUa.Types;

namespace EdgeTwin.OpcUa.Server.Diagnostics;

/// <summary>Who may see and change diagnostics (OPC 10000-5 §6.3.3 to 6.3.5).</summary>
internal static class AdminRules
{
    private const PermissionType See = PermissionType.Browse | PermissionType.Read;

    /// <summary>Everybody reads, administrators write.</summary>
    public static RolePermissionType[] ReadByAll { get; } =
    [
        Rule(NodeIds.WellKnownRole_Anonymous, See),
        Rule(NodeIds.WellKnownRole_ConfigureAdmin, See | PermissionType.Write),
        Rule(NodeIds.WellKnownRole_SecurityAdmin, See | PermissionType.Write),
    ];

    /// <summary>Who uses which security is for security administrators.</summary>
    public static RolePermissionType[] ReadByAdmins { get; } =
    [
        Rule(NodeIds.WellKnownRole_Anonymous, PermissionType.Browse),
        Rule(NodeIds.WellKnownRole_SecurityAdmin, See),
    ];

    private static RolePermissionType Rule(NodeId role, PermissionType permissions) =>
        new() { RoleId = role, Permissions = permissions };
}
