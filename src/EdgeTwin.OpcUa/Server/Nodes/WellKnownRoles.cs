using EdgeTwin.OpcUa.Schema;
using EdgeTwin.OpcUa.Server.Users;
using EdgeTwin.OpcUa.Types;

namespace EdgeTwin.OpcUa.Server.Nodes;

/// <summary>The well-known roles by their nodes in namespace 0 (OPC 10000-3 §4.9.2).</summary>
internal static class WellKnownRoles
{
    /// <summary>The role of a node; none for another node.</summary>
    public static Roles Of(NodeId role) => role.NamespaceIndex != 0 ? Roles.None : role.Number switch
    {
        NodeIds.WellKnownRole_Anonymous => Roles.Anonymous,
        NodeIds.WellKnownRole_AuthenticatedUser => Roles.AuthenticatedUser,
        NodeIds.WellKnownRole_Observer => Roles.Observer,
        NodeIds.WellKnownRole_Operator => Roles.Operator,
        NodeIds.WellKnownRole_Engineer => Roles.Engineer,
        NodeIds.WellKnownRole_Supervisor => Roles.Supervisor,
        NodeIds.WellKnownRole_ConfigureAdmin => Roles.ConfigureAdmin,
        NodeIds.WellKnownRole_SecurityAdmin => Roles.SecurityAdmin,
        _ => Roles.None,
    };
}
