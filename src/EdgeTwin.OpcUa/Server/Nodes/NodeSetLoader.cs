using EdgeTwin.OpcUa.NodeSets;
using EdgeTwin.OpcUa.Schema;
using EdgeTwin.OpcUa.Types;

namespace EdgeTwin.OpcUa.Server.Nodes;

/// <summary>Makes nodes of the records of a nodeset.</summary>
internal static class NodeSetLoader
{
    public static void Load(AddressSpace space, NodeSet set, DateTime now)
    {
        var nodes = new List<Node>(set.Nodes.Count);
        foreach (var record in set.Nodes)
        {
            nodes.Add(Make(record, now));
        }

        space.Load(nodes, Links(space, set));
    }

    // Enumerated when the nodes are in: references point ahead.
    private static IEnumerable<(Node Source, ReferenceTypeNode Type, Node Target)> Links(AddressSpace space,
        NodeSet set)
    {
        foreach (var record in set.Nodes)
        {
            var node = space.Find(record.NodeId)!;
            foreach (var reference in record.References)
            {
                // A reference to a model that was not loaded says nothing here.
                if (space.Find(reference.ReferenceTypeId) is ReferenceTypeNode type
                    && space.Find(reference.TargetId) is { } other)
                {
                    yield return reference.IsForward ? (node, type, other) : (other, type, node);
                }
            }
        }
    }

    private static Node Make(NodeRecord record, DateTime now)
    {
        var node = MakeOfClass(record, now);
        node.DisplayName = record.DisplayName;
        if (record.Description.Text is not null)
        {
            node.Description = record.Description;
        }

        node.WriteMask = record.WriteMask;
        if (record.RolePermissions.Length > 0)
        {
            node.RolePermissions = record.RolePermissions;
        }

        node.AccessRestrictions = record.AccessRestrictions;
        return node;
    }

    private static Node MakeOfClass(NodeRecord record, DateTime now) => record.NodeClass switch
    {
        NodeClass.Object => new ObjectNode(record.NodeId, record.BrowseName) { EventNotifier = record.EventNotifier },
        NodeClass.Variable => MakeVariable(record, now),
        NodeClass.Method => new MethodNode(record.NodeId, record.BrowseName) { Executable = record.Executable },
        NodeClass.ObjectType => new ObjectTypeNode(record.NodeId, record.BrowseName) { IsAbstract = record.IsAbstract },
        NodeClass.VariableType => new VariableTypeNode(record.NodeId, record.BrowseName)
        {
            IsAbstract = record.IsAbstract,
            Value = record.ReadValue(),
            DataType = record.DataType,
            ValueRank = record.ValueRank,
            ArrayDimensions = Dimensions(record),
        },
        NodeClass.ReferenceType => new ReferenceTypeNode(record.NodeId, record.BrowseName)
        {
            IsAbstract = record.IsAbstract,
            Symmetric = record.IsSymmetric,
            InverseName = record.InverseName,
        },
        NodeClass.DataType => new DataTypeNode(record.NodeId, record.BrowseName)
        {
            IsAbstract = record.IsAbstract,
            Definition = record.Definition is { } definition ? new ExtensionObject(definition) : null,
        },
        NodeClass.View => new ViewNode(record.NodeId, record.BrowseName)
        {
            EventNotifier = record.EventNotifier,
            ContainsNoLoops = record.ContainsNoLoops,
        },
        _ => throw new ArgumentException($"{record} has no node class", nameof(record)),
    };

    private static VariableNode MakeVariable(NodeRecord record, DateTime now)
    {
        var node = new VariableNode(record.NodeId, record.BrowseName)
        {
            DataType = record.DataType,
            ValueRank = record.ValueRank,
            ArrayDimensions = Dimensions(record),
            AccessLevel = record.AccessLevel,
            MinimumSamplingInterval = record.MinimumSamplingInterval,
            Historizing = record.Historizing,
        };
        node.Set(new DataValue(record.ReadValue(), default, now, now));
        return node;
    }

    private static uint[]? Dimensions(NodeRecord record) =>
        record.ArrayDimensions.Length == 0 ? null : record.ArrayDimensions;
}
