using EdgeTwin.OpcUa.Encoding;
using EdgeTwin.OpcUa.Schema;
using EdgeTwin.OpcUa.Types;

namespace EdgeTwin.OpcUa.NodeSets;

/// <summary>Data types of nodesets.</summary>
public static class NodeSetTypeExtensions
{
    /// <summary>Adds the data types of a nodeset and their encodings.</summary>
    public static void Add(this TypeDictionary types, NodeSet set)
    {
        ArgumentNullException.ThrowIfNull(types);
        ArgumentNullException.ThrowIfNull(set);
        foreach (var node in set.Nodes)
        {
            if (node.NodeClass is not (NodeClass.DataType or NodeClass.Object)) continue;
            foreach (var reference in node.References)
            {
                if (reference.IsForward) continue;
                if (node.NodeClass == NodeClass.DataType && reference.ReferenceTypeId == NodeIds.HasSubtype)
                    types.Add(node.NodeId, reference.TargetId, node.Definition);
                else if (reference.ReferenceTypeId == NodeIds.HasEncoding)
                    types.AddEncoding(node.NodeId, reference.TargetId);
            }
        }
    }
}
