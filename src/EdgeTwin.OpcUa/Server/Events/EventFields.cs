using EdgeTwin.OpcUa.Schema;
using EdgeTwin.OpcUa.Server.Nodes;
using EdgeTwin.OpcUa.Types;

namespace EdgeTwin.OpcUa.Server.Events;

/// <summary>Which fields event types have.</summary>
internal static class EventFields
{
    /// <summary>True when events of the type can have the field: it belongs to the type, to what it refines, or to a
    /// type that refines it. Only what is wrong for all possible events is an error of a select clause (OPC 10000-4
    /// §7.22.3).</summary>
    public static bool Exist(AddressSpace space, NodeId type, QualifiedName[] path)
    {
        for (var above = space.Find(type) as TypeNode; above is not null; above = above.SuperType)
        {
            if (space.Resolve(above.Id, path) is not null)
            {
                return true;
            }
        }

        var open = new Stack<Node>();
        var seen = new HashSet<Node>();
        Push(space.Find(type));
        while (open.TryPop(out var node))
        {
            if (space.Resolve(node.Id, path) is not null)
            {
                return true;
            }

            foreach (var reference in node.References)
            {
                if (reference.Is(NodeIds.HasSubtype))
                {
                    Push(reference.Target);
                }
            }
        }

        return false;

        void Push(Node? node)
        {
            if (node is not null && seen.Add(node))
            {
                open.Push(node);
            }
        }
    }
}
