using EdgeTwin.OpcUa.Client;
using EdgeTwin.OpcUa.Schema;
using EdgeTwin.OpcUa.Types;

namespace EdgeTwin.Cli;

/// <summary>Nodes of a server below a start, with the values of variables.</summary>
internal sealed class NodeTree
{
    private const int MostNodes = 20_000;
    private const int WidestName = 60;

    private readonly OpcUaClient client;
    private readonly Dictionary<NodeId, List<NodeTreeEntry>> byParent = [];
    private readonly NodeId start;
    private readonly NodeHomes homes;

    private NodeTree(OpcUaClient client, NodeId start, NodeHomes homes) =>
        (this.client, this.start, this.homes) = (client, start, homes);

    /// <summary>Nodes that are shown.</summary>
    public int Count => byParent.Values.Sum(children => children.Count(child => child.IsHome));

    public bool IsCut { get; private set; }

    /// <summary>Variables, each after its parent.</summary>
    public IEnumerable<NodeTreeEntry> Variables =>
        InOrder(start, 0).Select(entry => entry.Entry)
            .Where(entry => entry.IsHome && entry.Node.NodeClass == NodeClass.Variable);

    /// <summary>Browses; reads the values of all variables found.</summary>
    public static async Task<NodeTree> ReadAsync(
        OpcUaClient client, NodeId start, int depth, bool everything, CancellationToken cancellation)
    {
        var outcome = await client.BrowseAsync(
            [start],
            new BrowseOptions
            {
                MaxDepth = depth,
                MaxNodes = MostNodes,
                IncludeRepeats = true,
                Include = node => everything || IsOfInterest(node),
                Descend = node => everything || (IsOfInterest(node) && node.NodeClass != NodeClass.Method),
            }, cancellation);
        var found = outcome.Nodes.Where(node => node.NodeId != (ExpandedNodeId)start).ToList();
        var tree = new NodeTree(client, start, new NodeHomes(found, client.Namespaces!))
        {
            IsCut = outcome.IsTruncated,
        };
        var variables = found
            .Where(node => node.NodeClass == NodeClass.Variable && node.NodeId.IsLocal)
            .DistinctBy(node => node.NodeId).ToList();
        var values = variables.Count == 0 ? []
            : await client.ReadAsync([.. variables.Select(node => node.NodeId.NodeId)], cancellation);
        var valueOf = variables.Index().ToDictionary(node => node.Item.NodeId, node => values[node.Index]);
        foreach (var node in found)
        {
            // The same two nodes by two kinds of reference are one line.
            if (node.IsRepeat && !tree.homes.IsHome(node) && tree.Has(node)) continue;
            if (!tree.byParent.TryGetValue(node.Parent, out var children)) tree.byParent[node.Parent] = children = [];
            children.Add(new NodeTreeEntry(
                node, valueOf.TryGetValue(node.NodeId, out var value) ? value : null,
                tree.homes.IsHome(node)));
        }

        return tree;
    }

    /// <summary>Keeps what has the text in its name, with what is above and below it.</summary>
    public void Keep(string? text)
    {
        if (text is null) return;
        Keep(start, text);
    }

    public async Task WriteAsync(TextWriter output, CancellationToken cancellation)
    {
        var width = Math.Min(WidestName, InOrder(start, 0).Select(e => 2 * e.Depth + NameOf(e.Entry).Length)
            .DefaultIfEmpty(0).Max());
        foreach (var (entry, depth) in InOrder(start, 0))
        {
            cancellation.ThrowIfCancellationRequested();
            var name = new string(' ', 2 * depth) + NameOf(entry);
            if (!entry.IsHome)
            {
                await output.WriteLineAsync($"{name.PadRight(width)}  -> see {homes.PathOf(entry.Node.NodeId)}");
                continue;
            }

            var value = entry.Value is { } read ? ValueOf(read) : "";
            await output.WriteLineAsync($"{name.PadRight(width)}  {Cut(value, 32),-32}  {entry.Node.NodeId.NodeId}");
        }

        // The index is short and of today; what is to last names the namespace.
        var used = InOrder(start, 0).Select(e => e.Entry.Node.NodeId.NodeId.NamespaceIndex).Where(index => index > 0)
            .Distinct().Order().Where(index => index < client.Namespaces!.Uris.Count).ToList();
        foreach (var index in used) await output.WriteLineAsync($"ns={index} is nsu={client.Namespaces!.Uris[index]}");
    }

    public void WriteJson()
    {
        foreach (var (entry, depth) in InOrder(start, 0).Where(entry => entry.Entry.IsHome))
        {
            Output.Line(new
            {
                node = OpcUaNode.TextOf(client, entry.Node.NodeId.NodeId),
                name = entry.Node.BrowseName.Name,
                displayName = entry.Node.DisplayName.Text,
                nodeClass = entry.Node.NodeClass,
                depth = depth + 1,
                value = entry.Value is { } read ? OpcUaNode.TextOf(read) : null,
                status = entry.Value?.Status.ToString(),
            });
        }
    }

    // The Server object is the same everywhere, types are for tools, and properties describe.
    private static bool IsOfInterest(BrowsedNode node) =>
        node.NodeId.NodeId is not
        {
            NamespaceIndex: 0, Number: NodeIds.Server or
            NodeIds.TypesFolder or NodeIds.ViewsFolder
        }
        && node.ReferenceType != NodeIds.HasProperty
        && node.NodeClass is NodeClass.Object or NodeClass.Variable or NodeClass.Method;

    private static string NameOf(NodeTreeEntry entry) => entry.Node switch
    {
        { NodeClass: NodeClass.Object } => $"{entry.Node.BrowseName.Name}/",
        { NodeClass: NodeClass.Method } => $"{entry.Node.BrowseName.Name}()",
        _ => entry.Node.BrowseName.Name ?? "",
    };

    private static string ValueOf(in DataValue value)
    {
        var text = StatusText.Value(OpcUaNode.TextOf(value));
        return value.Status.IsGood ? text : $"{text} {value.Status}".TrimStart();
    }

    private static string Cut(string text, int length) => text.Length <= length ? text : text[..(length - 1)] + "…";

    private IEnumerable<(NodeTreeEntry Entry, int Depth)> InOrder(NodeId parent, int depth)
    {
        foreach (var entry in byParent.GetValueOrDefault(parent) ?? [])
        {
            yield return (entry, depth);
            if (!entry.IsHome || !entry.Node.NodeId.IsLocal) continue;
            foreach (var below in InOrder(entry.Node.NodeId.NodeId, depth + 1)) yield return below;
        }
    }

    private bool Has(BrowsedNode reference) =>
        byParent.TryGetValue(reference.Parent, out var children)
        && children.Exists(child => child.Node.NodeId == reference.NodeId);

    private bool Keep(NodeId parent, string text)
    {
        if (!byParent.TryGetValue(parent, out var children)) return false;
        children.RemoveAll(entry =>
            !(entry.Node.BrowseName.Name ?? "").Contains(text, StringComparison.OrdinalIgnoreCase)
            && !(entry.Node.DisplayName.Text ?? "").Contains(text, StringComparison.OrdinalIgnoreCase)
            && !(entry.IsHome && Keep(entry.Node.NodeId.NodeId, text)));
        return children.Count > 0;
    }
}
