using System.Xml.Linq;
using EdgeTwin.OpcUa.Schema;
using EdgeTwin.OpcUa.Types;

namespace EdgeTwin.OpcUa.NodeSets.Xml;

/// <summary>Reads one node's element (OPC 10000-6 annex F.7 on).</summary>
internal sealed class NodeElementReader(NodeSetContext context, NodeSetTypes types)
{
    public NodeRecord Read(NodeId id, XElement element)
    {
        var nodeClass = Class(element);
        var browseName = context.QualifiedName(context.Required(element, "BrowseName"));
        var displayName = NodeSetContext.Text(element, "DisplayName");
        var (value, namespaces) = Value(element);
        return new NodeRecord
        {
            NodeId = id,
            NodeClass = nodeClass,
            BrowseName = browseName,
            DisplayName = displayName.Text is null ? new LocalizedText(browseName.Name) : displayName,
            Description = NodeSetContext.Text(element, "Description"),
            WriteMask = (AttributeWriteMask)context.Number(element.Attribute("WriteMask"), 0u),
            RolePermissions = RolePermissions(element),
            AccessRestrictions = element.Attribute("AccessRestrictions") is { } restrictions
                ? (AccessRestrictionType)context.Number<ushort>(restrictions, restrictions.Value)
                : null,
            References = References(element),
            IsAbstract = context.Flag(element.Attribute("IsAbstract")),
            IsSymmetric = context.Flag(element.Attribute("Symmetric")),
            InverseName = NodeSetContext.Text(element, "InverseName"),
            ContainsNoLoops = context.Flag(element.Attribute("ContainsNoLoops")),
            EventNotifier = (EventNotifierType)context.Number(element.Attribute("EventNotifier"), (byte)0),
            DataType = context.NodeId(element.Attribute("DataType"), NodeIds.BaseDataType),
            ValueRank = context.Number(element.Attribute("ValueRank"), -1),
            ArrayDimensions = context.Dimensions(element.Attribute("ArrayDimensions")),
            AccessLevel = (AccessLevelExType)context.Number(element.Attribute("AccessLevel"), 1u),
            MinimumSamplingInterval = context.Number(element.Attribute("MinimumSamplingInterval"), 0d),
            Historizing = context.Flag(element.Attribute("Historizing")),
            Executable = context.Flag(element.Attribute("Executable"), absent: true),
            MethodDeclarationId = context.NodeId(element.Attribute("MethodDeclarationId"), NodeId.Null),
            Definition = nodeClass == NodeClass.DataType ? types.Definition(id) : null,
            EncodedValue = value,
            ValueNamespaces = namespaces,
        };
    }

    private NodeClass Class(XElement element) => element.Name.LocalName switch
    {
        "UAObject" => NodeClass.Object,
        "UAVariable" => NodeClass.Variable,
        "UAMethod" => NodeClass.Method,
        "UAObjectType" => NodeClass.ObjectType,
        "UAVariableType" => NodeClass.VariableType,
        "UAReferenceType" => NodeClass.ReferenceType,
        "UADataType" => NodeClass.DataType,
        "UAView" => NodeClass.View,
        _ => throw context.Error(element, $"{element.Name.LocalName} is no class of nodes"),
    };

    private NodeReference[] References(XElement element) =>
    [
        .. element.Elements(NodeSetContext.Ua + "References").Elements(NodeSetContext.Ua + "Reference").Select(r =>
        {
            var type = context.Required(r, "ReferenceType");
            var isForward = context.Flag(r.Attribute("IsForward"), absent: true);
            return new NodeReference(context.NodeId(type, type.Value), isForward, context.NodeId(r, r.Value));
        }),
    ];

    private RolePermissionType[] RolePermissions(XElement element) =>
    [
        .. element.Elements(NodeSetContext.Ua + "RolePermissions").Elements(NodeSetContext.Ua + "RolePermission")
            .Select(p => new RolePermissionType
            {
                RoleId = context.NodeId(p, p.Value),
                Permissions = (PermissionType)context.Number(p.Attribute("Permissions"), 0u),
            }),
    ];

    private (byte[] Value, int[] Namespaces) Value(XElement element)
    {
        if (element.Element(NodeSetContext.Ua + "Value")?.Elements().FirstOrDefault() is not { } value) return ([], []);
        using var values = new NodeSetValues(context, types);
        return values.Encode(value);
    }
}
