using EdgeTwin.OpcUa.Schema;
using EdgeTwin.OpcUa.Server.Nodes;
using EdgeTwin.OpcUa.Types;

namespace EdgeTwin.OpcUa.Server.Services;

/// <summary>What the attributes of nodes hold, for a caller (OPC 10000-3 §5, annex A.1 of OPC 10000-6 for the
/// ids).</summary>
internal static class AttributeReader
{
    /// <summary>The value of an attribute with an index range applied; only Value has timestamps.</summary>
    /// <param name="node">The node.</param>
    /// <param name="attributeId">The attribute.</param>
    /// <param name="range">What part of it; default is everything.</param>
    /// <param name="caller">Who reads.</param>
    public static DataValue Read(Node node, uint attributeId, in NumericRange range, in Caller caller)
    {
        var value = Read(node, attributeId, caller);
        if (range.Dimensions == 0 || value.Status.IsBad)
        {
            return value;
        }

        var status = RangeSlicer.Slice(value.Value, range, out var slice);
        return status.IsBad ? new DataValue(status) : new DataValue(slice, value.Status, value.SourceTimestamp,
            value.ServerTimestamp)
        {
            SourcePicoseconds = value.SourcePicoseconds,
            ServerPicoseconds = value.ServerPicoseconds,
        };
    }

    /// <summary>Good when the value of a variable may be read; else BadNotReadable, BadUserAccessDenied or
    /// BadSecurityModeInsufficient.</summary>
    public static StatusCode CheckRead(VariableNode node, in Caller caller) =>
        (node.AccessLevel & AccessLevelExType.CurrentRead) == AccessLevelExType.None
            ? StatusCodes.BadNotReadable
            : caller.Check(node, PermissionType.Read);

    private static DataValue Read(Node node, uint attributeId, in Caller caller)
    {
        if (node is VariableNode variable && attributeId == AttributeIds.Value)
        {
            var allowed = CheckRead(variable, caller);
            return allowed.IsBad ? new DataValue(allowed) : variable.Get();
        }

        var status = caller.Check(node, PermissionType.Browse);
        if (status.IsBad)
        {
            return new DataValue(status);
        }

        return attributeId switch
        {
            AttributeIds.NodeId => Good(node.Id),
            AttributeIds.NodeClass => Good((int)node.NodeClass),
            AttributeIds.BrowseName => Good(node.BrowseName),
            AttributeIds.DisplayName => Good(node.DisplayName),
            AttributeIds.Description => Good(node.Description),
            AttributeIds.WriteMask => Good((uint)node.WriteMask),
            AttributeIds.UserWriteMask => Good(
                caller.May(node, PermissionType.WriteAttribute) ? (uint)node.WriteMask : 0),
            AttributeIds.RolePermissions => ReadPermissions(node, caller),
            AttributeIds.UserRolePermissions => ReadUserPermissions(node, caller),
            AttributeIds.AccessRestrictions when node.AccessRestrictions is { } restrictions =>
                Good((ushort)restrictions),
            _ => ReadOfClass(node, attributeId, caller),
        };
    }

    private static DataValue ReadOfClass(Node node, uint attributeId, in Caller caller) => node switch
    {
        VariableNode variable => OfVariable(variable, attributeId, caller),
        ObjectNode o when attributeId == AttributeIds.EventNotifier => Good((byte)o.EventNotifier),
        MethodNode method => OfMethod(method, attributeId, caller),
        ViewNode view => OfView(view, attributeId),
        TypeNode type when attributeId == AttributeIds.IsAbstract => Good(type.IsAbstract),
        VariableTypeNode type => OfVariableType(type, attributeId),
        ReferenceTypeNode type => OfReferenceType(type, attributeId),
        DataTypeNode { Definition: { } definition } when attributeId == AttributeIds.DataTypeDefinition =>
            Good(definition),
        _ => None,
    };

    private static DataValue OfVariable(VariableNode node, uint attributeId, in Caller caller) => attributeId switch
    {
        AttributeIds.DataType => Good(node.DataType),
        AttributeIds.ValueRank => Good(node.ValueRank),
        AttributeIds.ArrayDimensions when node.ArrayDimensions is { } dimensions => Good(Variant.Of(dimensions)),
        AttributeIds.AccessLevel => Good((byte)node.AccessLevel),
        AttributeIds.UserAccessLevel => Good((byte)caller.AccessLevel(node)),
        AttributeIds.AccessLevelEx => Good((uint)node.AccessLevel),
        AttributeIds.MinimumSamplingInterval => Good(node.MinimumSamplingInterval),
        AttributeIds.Historizing => Good(node.Historizing),
        _ => None,
    };

    private static DataValue OfMethod(MethodNode node, uint attributeId, in Caller caller) => attributeId switch
    {
        AttributeIds.Executable => Good(node.Executable),
        AttributeIds.UserExecutable => Good(node.Executable && caller.May(node, PermissionType.Call)),
        _ => None,
    };

    private static DataValue OfView(ViewNode node, uint attributeId) => attributeId switch
    {
        AttributeIds.ContainsNoLoops => Good(node.ContainsNoLoops),
        AttributeIds.EventNotifier => Good((byte)node.EventNotifier),
        _ => None,
    };

    private static DataValue OfVariableType(VariableTypeNode node, uint attributeId) => attributeId switch
    {
        AttributeIds.Value when !node.Value.IsNull => Good(node.Value),
        AttributeIds.DataType => Good(node.DataType),
        AttributeIds.ValueRank => Good(node.ValueRank),
        AttributeIds.ArrayDimensions when node.ArrayDimensions is { } dimensions => Good(Variant.Of(dimensions)),
        _ => None,
    };

    private static DataValue OfReferenceType(ReferenceTypeNode node, uint attributeId) => attributeId switch
    {
        AttributeIds.Symmetric => Good(node.Symmetric),
        AttributeIds.InverseName when node.InverseName.Text is not null => Good(node.InverseName),
        _ => None,
    };

    private static DataValue ReadPermissions(Node node, in Caller caller)
    {
        if (node.RolePermissions is not { } permissions)
        {
            return None;
        }

        return caller.May(node, PermissionType.ReadRolePermissions)
            ? Good(Variant.OfStructures(permissions))
            : new DataValue(StatusCodes.BadUserAccessDenied);
    }

    private static DataValue ReadUserPermissions(Node node, Caller caller)
    {
        var rules = node.RolePermissions ?? node.Space?.DefaultPermissions(node.Id.NamespaceIndex);
        return rules is null
            ? None
            : Good(Variant.OfStructures(Array.FindAll(rules, r => caller.User.HasAny(WellKnownRoles.Of(r.RoleId)))));
    }

    private static DataValue None => new(StatusCodes.BadAttributeIdInvalid);

    private static DataValue Good(in Variant value) => new(value);
}
