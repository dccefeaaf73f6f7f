using EdgeTwin.OpcUa.Client;
using EdgeTwin.OpcUa.Schema;
using EdgeTwin.OpcUa.Types;
using EdgeTwin.Sources.OpcUa;

namespace EdgeTwin.Cli;

/// <summary>A node on the command line: by its namespace's uri or by names, as in a configuration; by index too,
/// because nothing here outlives the server.</summary>
internal static class OpcUaNode
{
    /// <exception cref="CommandException">It is none, or is not there.</exception>
    public static async Task<NodeId> FindAsync(OpcUaClient client, string text, CancellationToken cancellation)
    {
        if (NodeId.TryParse(text, out var byIndex) && !byIndex.IsNull) return byIndex;
        if (!OpcUaAddress.TryParse(text, out var address, out var problem))
            throw new CommandException(ExitCodes.Usage, problem);
        if (address.Path is { } path)
        {
            return await new BrowsePathFinder(client).FindAsync(path, cancellation)
                ?? throw new CommandException(ExitCodes.Wrong, $"nothing is at '{text}', or more than one node");
        }

        return client.Namespaces!.TryResolve(new ExpandedNodeId(address.Identifier, address.NamespaceUri), out var node)
            ? node
            : throw new CommandException(ExitCodes.Wrong,
                $"the server has no namespace '{address.NamespaceUri}'; it has "
                + string.Join(", ", client.Namespaces.Uris));
    }

    /// <summary>As it is written in a configuration.</summary>
    public static string TextOf(OpcUaClient client, NodeId node) =>
        node.NamespaceIndex < client.Namespaces!.Uris.Count
            ? OpcUaAddress.TextOf(node, client.Namespaces.Uris[node.NamespaceIndex]) : node.ToString();

    /// <summary>What a value is, for people.</summary>
    public static string TextOf(in DataValue value) =>
        value.Status.IsBad && value.Value.IsNull ? "" : OpcUaText.Of(value.Value);

    /// <summary>A request for one attribute.</summary>
    public static ReadValueId Attribute(NodeId node, uint attribute) =>
        new() { NodeId = node, AttributeId = attribute };
}
