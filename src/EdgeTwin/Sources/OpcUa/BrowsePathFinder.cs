using EdgeTwin.OpcUa.Client;
using EdgeTwin.OpcUa.Schema;
using EdgeTwin.OpcUa.Types;

namespace EdgeTwin.Sources.OpcUa;

/// <summary>Finds nodes by names from the Objects folder down. A folder that many addresses go through is asked
/// once.</summary>
internal sealed class BrowsePathFinder(OpcUaClient client)
{
    private static readonly BrowseOptions ChildrenOnly = new() { MaxDepth = 1 };
    private readonly Dictionary<NodeId, IReadOnlyList<BrowsedNode>> children = [];

    /// <summary>The node at the end of a path; null when a name is not there, or two nodes have it.</summary>
    public async Task<NodeId?> FindAsync(IReadOnlyList<string> path, CancellationToken cancellation)
    {
        NodeId node = NodeIds.ObjectsFolder;
        foreach (var name in path)
        {
            if (Match(await ChildrenAsync(node, cancellation), name) is not { } next) return null;
            node = next;
        }

        return node;
    }

    // The browse name is for programs and decides; the display name is what people see in their tools.
    private static NodeId? Match(IReadOnlyList<BrowsedNode> nodes, string name) =>
        Only(nodes, node => node.BrowseName.Name == name) ?? Only(nodes, node => node.DisplayName.Text == name);

    private static NodeId? Only(IReadOnlyList<BrowsedNode> nodes, Func<BrowsedNode, bool> isMeant)
    {
        var found = nodes.Where(node => node.NodeId.IsLocal && isMeant(node)).Take(2).ToList();
        return found.Count == 1 ? found[0].NodeId.NodeId : null;
    }

    private async Task<IReadOnlyList<BrowsedNode>> ChildrenAsync(NodeId node, CancellationToken cancellation)
    {
        if (children.TryGetValue(node, out var known)) return known;
        var outcome = await client.BrowseAsync([node], ChildrenOnly, cancellation);
        children.Add(node, outcome.Nodes);
        return outcome.Nodes;
    }
}
