using EdgeTwin.OpcUa.Schema;

namespace EdgeTwin.OpcUa.Server.Nodes;

/// <summary>What goes with a node when it is removed.</summary>
internal static class Subtree
{
    /// <summary>The node, and the instances below it that hang nowhere else.</summary>
    public static HashSet<Node> Of(Node root)
    {
        var gone = new HashSet<Node> { root };
        var left = new Queue<Node>([root]);
        while (left.TryDequeue(out var node))
        {
            foreach (var reference in node.References)
            {
                if (!reference.IsInverse && reference.Target is not TypeNode && IsHierarchical(reference)
                    && !gone.Contains(reference.Target) && HangsOnlyIn(reference.Target, gone))
                {
                    gone.Add(reference.Target);
                    left.Enqueue(reference.Target);
                }
            }
        }

        return gone;
    }

    /// <summary>The nodes that stay and have references with those that go.</summary>
    public static HashSet<Node> Neighbours(HashSet<Node> gone)
    {
        var neighbours = new HashSet<Node>();
        foreach (var node in gone)
        {
            foreach (var reference in node.References)
            {
                // A type keeps no reference to its instances, so there is nothing to take out.
                if (!gone.Contains(reference.Target) && !reference.Is(NodeIds.HasTypeDefinition)
                    && !reference.Is(NodeIds.HasModellingRule))
                {
                    neighbours.Add(reference.Target);
                }
            }
        }

        return neighbours;
    }

    private static bool HangsOnlyIn(Node node, HashSet<Node> gone)
    {
        foreach (var reference in node.References)
        {
            if (reference.IsInverse && IsHierarchical(reference) && !gone.Contains(reference.Target))
            {
                return false;
            }
        }

        return true;
    }

    // An event source is listed by notifiers, but does not live there.
    private static bool IsHierarchical(in Reference reference) =>
        reference.Type.IsOrRefines(NodeIds.HierarchicalReferences)
            && !reference.Type.IsOrRefines(NodeIds.HasEventSource);
}
