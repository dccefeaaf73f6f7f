using EdgeTwin.OpcUa.Client.Services;
using EdgeTwin.OpcUa.Client.Sessions;
using EdgeTwin.OpcUa.Encoding;
using EdgeTwin.OpcUa.Schema;
using EdgeTwin.OpcUa.Types;

namespace EdgeTwin.OpcUa.Client.DataTypes;

/// <summary>
/// Reads the type dictionaries of servers before version 1.04 (OPC 10000-5 annex D):
/// <code>data type -HasEncoding-> encoding -HasDescription-> description &lt;-HasComponent- dictionary</code>
/// The description's value is the name in the dictionary, the dictionary's value is the schema.
/// </summary>
internal sealed class DictionaryLoader(ClientSession session, TypeDictionary types)
{
    private readonly CoreTypes core = CoreTypes.Instance;

    /// <summary>Adds what the dictionaries of some encodings define.</summary>
    public async Task LoadAsync(NodeId[] encodings, CancellationToken cancellation)
    {
        var descriptions = Nodes(await FollowAsync(encodings, NodeIds.HasDescription, true, cancellation));
        var dictionaries = Nodes(await FollowAsync(descriptions, NodeIds.HasComponent, false, cancellation));
        if (dictionaries.Length == 0) return;
        var enumerations = await EnumerationsAsync(cancellation);
        foreach (var dictionary in dictionaries) await LoadAsync(dictionary, enumerations, cancellation);
    }

    private async Task LoadAsync(
        NodeId dictionary, Dictionary<string, NodeId> enumerations, CancellationToken cancellation)
    {
        var schema = (await ReadAsync([dictionary], cancellation))[0].Value.Get<byte[]>();
        if (schema is null) return;
        var described = await DescribedAsync(dictionary, cancellation);
        var definitions = BinarySchemaReader.Read(schema, (_, name) =>
            described.TryGetValue(name, out var own) ? own.DataType
            : enumerations.TryGetValue(name, out var enumeration) ? enumeration
            : core.ByName(name));
        foreach (var (name, definition) in definitions)
        {
            if (definition is not StructureDefinition structure || !described.TryGetValue(name, out var node)) continue;
            types.Add(node.DataType, structure.BaseDataType, new StructureDefinition
            {
                DefaultEncodingId = node.Encoding,
                BaseDataType = structure.BaseDataType,
                StructureType = structure.StructureType,
                Fields = structure.Fields,
            });
        }
    }

    // The types of a dictionary by their names in it.
    private async Task<Dictionary<string, (NodeId DataType, NodeId Encoding)>> DescribedAsync(
        NodeId dictionary, CancellationToken cancellation)
    {
        var descriptions = Nodes(await FollowAsync([dictionary], NodeIds.HasComponent, true, cancellation));
        var names = await ReadAsync(descriptions, cancellation);
        var encodings = await FollowAsync(descriptions, NodeIds.HasDescription, false, cancellation);
        var dataTypes = await FollowAsync(
            Array.ConvertAll(encodings, First), NodeIds.HasEncoding, false, cancellation);
        var described = new Dictionary<string, (NodeId DataType, NodeId Encoding)>();
        for (var i = 0; i < descriptions.Length; i++)
        {
            var (dataType, encoding) = (First(dataTypes[i]), First(encodings[i]));
            if (dataType.IsNull || names[i].Value.Get<string>() is not { } name) continue;
            types.AddEncoding(encoding, dataType);
            described[name] = (dataType, encoding);
        }

        return described;
    }

    // They have no encodings, so only their names tell them.
    private async Task<Dictionary<string, NodeId>> EnumerationsAsync(CancellationToken cancellation)
    {
        var crawler = new BrowseCrawler(session, new BrowseOptions { ReferenceType = NodeIds.HasSubtype });
        var found = new Dictionary<string, NodeId>();
        foreach (var node in (await crawler.RunAsync([NodeIds.Enumeration], cancellation)).Nodes)
        {
            if (!node.NodeId.IsLocal || node.BrowseName.Name is not { } name) continue;
            types.Add(node.NodeId.NodeId, NodeIds.Enumeration, null);
            found.TryAdd(name, node.NodeId.NodeId);
        }

        return found;
    }

    private Task<DataValue[]> ReadAsync(NodeId[] nodes, CancellationToken cancellation) => NodeServices.ReadAsync(
        session,
        Array.ConvertAll(nodes, static n => new ReadValueId { NodeId = n, AttributeId = AttributeIds.Value }),
        TimestampsToReturn.Neither, 0, cancellation);

    private Task<ReferenceDescription[][]> FollowAsync(
        NodeId[] nodes, NodeId referenceType, bool forward, CancellationToken cancellation) =>
        TypeLoader.FollowAsync(session, nodes, referenceType,
            forward ? BrowseDirection.Forward : BrowseDirection.Inverse, cancellation);

    private static NodeId First(ReferenceDescription[] references) =>
        references is [var first, ..] ? first.NodeId.NodeId : NodeId.Null;

    private static NodeId[] Nodes(ReferenceDescription[][] references) =>
        [.. references.SelectMany(static r => r).Select(static r => r.NodeId.NodeId).Distinct()];
}
