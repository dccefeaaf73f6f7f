using EdgeTwin.OpcUa.Client;
using EdgeTwin.OpcUa.NodeSets;
using EdgeTwin.OpcUa.Types;

namespace EdgeTwin.Cli;

/// <summary>
/// Decides under which of its parents a node is shown with all below it. It is the one nearest to the start, but not
/// the folder Machines (OPC 40001-1): that lists what stands elsewhere, and people look for a machine in its plant.
/// </summary>
internal sealed class NodeHomes
{
    private const uint MachinesId = 1001;

    private readonly Dictionary<ExpandedNodeId, BrowsedNode> homes = [];

    /// <param name="references">All references that were found, the nearest to the start first.</param>
    /// <param name="namespaces">The server's namespaces.</param>
    public NodeHomes(IReadOnlyList<BrowsedNode> references, NamespaceTable namespaces)
    {
        var listed = new ExpandedNodeId(new NodeId(0, MachinesId), StandardNodeSets.MachineryUri);
        var machines = namespaces.TryResolve(listed, out var resolved) ? resolved : default;
        foreach (var reference in references)
        {
            if (!homes.TryGetValue(reference.NodeId, out var home)
                || (!machines.IsNull && home.Parent == machines && !IsBelow(reference.Parent, reference.NodeId)))
                homes[reference.NodeId] = reference;
        }
    }

    /// <summary>Whether a node is shown in full by this reference.</summary>
    public bool IsHome(BrowsedNode reference) => ReferenceEquals(homes[reference.NodeId], reference);

    /// <summary>Names from the start to a node.</summary>
    public string PathOf(ExpandedNodeId node)
    {
        var names = new List<string?>();
        for (var at = node; homes.TryGetValue(at, out var home) && names.Count <= homes.Count; at = home.Parent)
            names.Add(home.BrowseName.Name);
        names.Reverse();
        return string.Join('/', names);
    }

    // A home below itself would be found from nowhere.
    private bool IsBelow(ExpandedNodeId node, ExpandedNodeId above)
    {
        var steps = 0;
        for (var at = node; homes.TryGetValue(at, out var home) && steps++ <= homes.Count; at = home.Parent)
        {
            if (at == above) return true;
        }

        return false;
    }
}
