using EdgeTwin.OpcUa.Client;
using EdgeTwin.OpcUa.Schema;
using EdgeTwin.OpcUa.Types;
using EdgeTwin.Tags;

namespace EdgeTwin.Cli;

/// <summary>Variables of a server as a block for the configuration: type, unit and range as the server says
/// them.</summary>
internal static class OpcUaTagYaml
{
    public static async Task WriteAsync(
        OpcUaClient client, NodeTree tree, string source, TextWriter output, CancellationToken cancellation)
    {
        var variables = tree.Variables.Where(entry => entry.Node.NodeId.IsLocal).ToList();
        var described = await DescribeAsync(client, variables, cancellation);
        var names = new HashSet<string>(StringComparer.Ordinal);
        await output.WriteLineAsync("tags:");
        foreach (var (entry, (type, unit, range)) in variables.Zip(described))
        {
            var id = entry.Node.NodeId.NodeId;
            var address = OpcUaNode.TextOf(client, id);
            if (type is null)
            {
                await output.WriteLineAsync(
                    $"  # {entry.Node.BrowseName.Name}: no number, Boolean or text ({address})");
                continue;
            }

            var name = TagNames.From(entry.Node.BrowseName.Name ?? id.ToString());
            for (var i = 2; !names.Add(name); i++) name = $"{TagNames.From(entry.Node.BrowseName.Name ?? "")}-{i}";
            var more = (unit is null ? "" : $", unit: {Quoted(unit)}") + (range is null ? "" : $", range: {range}");
            await output.WriteLineAsync($"  {name}: {{ source: {source}, address: {Quoted(address)}, "
                + $"type: {type.Value.ToString().ToLowerInvariant()}{more} }}");
        }
    }

    private static async Task<List<(TagDataType? Type, string? Unit, ValueRange? Range)>> DescribeAsync(
        OpcUaClient client, List<NodeTreeEntry> variables, CancellationToken cancellation)
    {
        var asked = variables.Select(entry => OpcUaNode.Attribute(entry.Node.NodeId.NodeId, AttributeIds.DataType))
            .Concat(variables.Select(entry => OpcUaNode.Attribute(entry.Node.NodeId.NodeId, AttributeIds.ValueRank)))
            .ToList();
        var read = asked.Count == 0 ? [] : await client.ReadAsync(asked, TimestampsToReturn.Neither,
            cancellation: cancellation);
        var properties = await PropertiesAsync(client, variables, cancellation);
        var described = new List<(TagDataType?, string?, ValueRange?)>();
        for (var i = 0; i < variables.Count; i++)
        {
            var isScalar = read[variables.Count + i].Value.Get<int>() < 0;
            var type = TypeOf(read[i].Value.Get<NodeId>(), variables[i].Value);
            var own = properties.GetValueOrDefault(variables[i].Node.NodeId.NodeId);
            described.Add((isScalar ? type : null, own.Unit, own.Range));
        }

        return described;
    }

    // Abstract types such as Number say nothing; then the value does.
    private static TagDataType? TypeOf(NodeId type, DataValue? value)
    {
        if (type is { NamespaceIndex: 0, Number: >= 1 and <= 12 }) return (TagDataType)type.Number;
        if (type is { NamespaceIndex: 0, Number: NodeIds.UtcTime or NodeIds.DateTime or NodeIds.LocalizedText })
            return TagDataType.String;
        return value is { Value: { IsScalar: true, Type: >= BuiltInType.Boolean and <= BuiltInType.String } known }
            ? (TagDataType)(byte)known.Type : null;
    }

    private static async Task<Dictionary<NodeId, (string? Unit, ValueRange? Range)>> PropertiesAsync(
        OpcUaClient client, List<NodeTreeEntry> variables, CancellationToken cancellation)
    {
        var found = await client.BrowseAsync(
            [.. variables.Select(entry => entry.Node.NodeId.NodeId)],
            new BrowseOptions { ReferenceType = NodeIds.HasProperty, MaxDepth = 1 }, cancellation);
        var wanted = found.Nodes.Where(
            node => node.BrowseName is { NamespaceIndex: 0, Name: "EURange" or "EngineeringUnits" }
            && node.NodeId.IsLocal).ToList();
        var values = wanted.Count == 0 ? []
            : await client.ReadAsync([.. wanted.Select(node => node.NodeId.NodeId)], cancellation);
        var properties = new Dictionary<NodeId, (string? Unit, ValueRange? Range)>();
        for (var i = 0; i < wanted.Count; i++)
        {
            var (unit, range) = properties.GetValueOrDefault(wanted[i].Parent);
            switch (values[i].Value.Get<ExtensionObject>()?.Body)
            {
                case EUInformation information
                    when EngineeringUnits.TryParse(information.DisplayName.Text ?? "", out _):
                    unit = information.DisplayName.Text;
                    break;
                case EdgeTwin.OpcUa.Schema.Range given when given.Low < given.High:
                    range = new ValueRange(given.Low, given.High);
                    break;
            }

            properties[wanted[i].Parent] = (unit, range);
        }

        return properties;
    }

    private static string Quoted(string text) => $"\"{text.Replace("\\", "\\\\", StringComparison.Ordinal)
        .Replace("\"", "\\\"", StringComparison.Ordinal)}\"";
}
