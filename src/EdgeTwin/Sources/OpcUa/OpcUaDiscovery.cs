using EdgeTwin.OpcUa.Client;
using EdgeTwin.OpcUa.Encoding;
using EdgeTwin.OpcUa.Schema;
using EdgeTwin.OpcUa.Types;
using EdgeTwin.Tags;

namespace EdgeTwin.Sources.OpcUa;

/// <summary>
/// Looks below the places under <c>discover</c> for variables that are no tags yet, and adds them to a CSV file that
/// the configuration can name under <c>tagFiles</c>. Where it does, the gateway takes its configuration anew, and what
/// was found is read from then on; where it does not, a person looks at the file first.
/// </summary>
internal sealed class OpcUaDiscovery(SourceContext context, OpcUaLink link)
{
    private const int MostFound = 10_000;

    private readonly OpcUaSourceConfig config = (OpcUaSourceConfig)context.Config;
    private readonly HashSet<string> saidWhy = [];

    /// <summary>Looks once.</summary>
    /// <exception cref="OpcUaException">The connection went.</exception>
    public async Task LookAsync(CancellationToken cancellation)
    {
        if (config.Discover.Count == 0 || config.Discovered is null) return;
        var file = new DiscoveredTags(
            Path.Combine(context.BaseFolder, config.Discovered), context.Name, context.IsNameTaken);
        var known = link.Targets.Select(target => target.Node).OfType<ExpandedNodeId>().ToHashSet();
        var found = 0;
        foreach (var place in config.Discover)
        {
            if (!OpcUaAddress.TryParseWildcard(place, out var path, out var allLevels, out _)) continue;
            var start = await new BrowsePathFinder(link.Client).FindAsync(path, cancellation);
            if (start is null)
            {
                SayWhy(place, "there is no such place");
                continue;
            }

            var outcome = await link.Client.BrowseAsync(
                [start.Value],
                new BrowseOptions
                {
                    MaxDepth = allLevels ? int.MaxValue : 1,
                    MaxNodes = MostFound,
                    // Properties describe a variable; they are no values of the machine.
                    Include = node => node.NodeClass == NodeClass.Variable && node.ReferenceType != NodeIds.HasProperty,
                    Descend = node => node.NodeClass is NodeClass.Object or NodeClass.Variable
                        && node.ReferenceType != NodeIds.HasProperty,
                }, cancellation);
            var fresh = outcome.Nodes.Where(node => !known.Contains(link.Client.Namespaces!.Pin(node.NodeId))).ToList();
            found += await AddAsync(fresh, file, cancellation);
        }

        if (found == 0) return;
        try
        {
            file.Save();
            OpcUaSourceLog.Discovered(context.Logger, context.Name, found, config.Discovered);
            context.OnTagFileGrown(config.Discovered);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            SayWhy(config.Discovered, failure.Message);
        }
    }

    private async Task<int> AddAsync(
        List<BrowsedNode> nodes, DiscoveredTags file, CancellationToken cancellation)
    {
        if (nodes.Count == 0) return 0;
        var types = await link.Client.ReadAsync(
            [.. nodes.Select(node => new ReadValueId
                { NodeId = node.NodeId.NodeId, AttributeId = AttributeIds.DataType })],
            TimestampsToReturn.Neither, cancellation: cancellation);
        var names = link.Client.Namespaces!;
        var added = 0;
        for (var i = 0; i < nodes.Count; i++)
        {
            var id = nodes[i].NodeId.NodeId;
            if (TypeOf(types[i].Value.Get<NodeId>()) is not { } type) continue;
            var address = OpcUaAddress.TextOf(id, names.Uris[id.NamespaceIndex]);
            if (file.Add(nodes[i].BrowseName.Name ?? id.ToString(), address, type)) added++;
        }

        return added;
    }

    // What is no number, Boolean or text cannot be a tag.
    private static TagDataType? TypeOf(NodeId type) => type.NamespaceIndex == 0 && type.Number is >= 1 and <= 12
        ? (TagDataType)type.Number : null;

    private void SayWhy(string place, string error)
    {
        if (saidWhy.Add(place)) OpcUaSourceLog.NotDiscovered(context.Logger, context.Name, place, error);
    }
}
