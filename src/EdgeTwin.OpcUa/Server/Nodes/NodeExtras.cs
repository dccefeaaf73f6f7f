using EdgeTwin.OpcUa.Schema;
using EdgeTwin.OpcUa.Types;

namespace EdgeTwin.OpcUa.Server.Nodes;

/// <summary>What few nodes have, kept apart so that the others stay small.</summary>
internal sealed class NodeExtras
{
    public LocalizedText Description { get; set; }

    public AttributeWriteMask WriteMask { get; set; }

    public RolePermissionType[]? RolePermissions { get; set; }

    public AccessRestrictionType? AccessRestrictions { get; set; }

    public IAttributeWatcher[] Watchers { get; set; } = [];
}
