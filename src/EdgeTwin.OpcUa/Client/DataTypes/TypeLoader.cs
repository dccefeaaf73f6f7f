using EdgeTwin.OpcUa.Client.Services;
using EdgeTwin.OpcUa.Client.Sessions;
using EdgeTwin.OpcUa.Encoding;
using EdgeTwin.OpcUa.Schema;
using EdgeTwin.OpcUa.Types;

namespace EdgeTwin.OpcUa.Client.DataTypes;

/// <summary>Reads from a server what the structures of some encodings look like: the attribute DataTypeDefinition of
/// their data types and of those of their fields (OPC 10000-3 §5.8.3), else the older type dictionary.</summary>
internal sealed class TypeLoader(ClientSession session, TypeDictionary types)
{
    // A server that refers from type to type without end is not followed without end.
    private const int MostTypes = 10_000;

    private readonly HashSet<NodeId> seen = [];

    public async Task LoadAsync(NodeId[] encodings, CancellationToken cancellation)
    {
        var dataTypes = await FollowAsync(
            session, encodings, NodeIds.HasEncoding, BrowseDirection.Inverse, cancellation);
        var found = new List<NodeId>(encodings.Length);
        for (var i = 0; i < encodings.Length; i++)
        {
            if (dataTypes[i] is not [var only, ..]) continue;
            types.AddEncoding(encodings[i], only.NodeId.NodeId);
            found.Add(only.NodeId.NodeId);
        }

        await DefineAsync(found, cancellation);
        NodeId[] undefined = [.. encodings.Where(e =>
            types.TryGetDataType(e, out var type) && types.Structure(type) is null)];
        if (undefined.Length > 0) await new DictionaryLoader(session, types).LoadAsync(undefined, cancellation);
    }

    /// <summary>The nodes that references of one type lead to, for each node.</summary>
    public static async Task<ReferenceDescription[][]> FollowAsync(ClientSession session, NodeId[] nodes,
        NodeId referenceType, BrowseDirection direction, CancellationToken cancellation)
    {
        if (nodes.Length == 0) return [];
        var browser = new Browser(session, new BrowseOptions { ReferenceType = referenceType, Direction = direction });
        var results = await browser.BrowseAsync(nodes, cancellation);
        return Array.ConvertAll(results, static r =>
            r.StatusCode.IsBad ? [] : Array.FindAll(r.References, static d => d.NodeId.IsLocal));
    }

    // Breadth first: the types of the fields after those that have them.
    private async Task DefineAsync(List<NodeId> dataTypes, CancellationToken cancellation)
    {
        while (true)
        {
            NodeId[] next = [.. dataTypes.Where(t => IsUnknown(t) && seen.Add(t))];
            if (next.Length == 0 || seen.Count > MostTypes) return;
            dataTypes.Clear();
            var definitions = await NodeServices.ReadAsync(session,
                Array.ConvertAll(next, static t =>
                    new ReadValueId { NodeId = t, AttributeId = AttributeIds.DataTypeDefinition }),
                TimestampsToReturn.Neither, 0, cancellation);
            var supertypes = await FollowAsync(
                session, next, NodeIds.HasSubtype, BrowseDirection.Inverse, cancellation);
            for (var i = 0; i < next.Length; i++)
            {
                var supertype = supertypes[i] is [var only, ..] ? only.NodeId.NodeId : NodeId.Null;
                var definition = definitions[i].Value.Get<ExtensionObject>()?.Body as DataTypeDefinition;
                types.Add(next[i], supertype, definition);
                dataTypes.Add(supertype);
                if (definition is StructureDefinition structure)
                    dataTypes.AddRange(structure.Fields.Select(static f => f.DataType));
            }
        }
    }

    private bool IsUnknown(NodeId type) =>
        !type.IsNull && types.Structure(type) is null && types.Supertype(type).IsNull
        && !(type is { NamespaceIndex: 0, IdType: IdType.Numeric } && types.BuiltIn(type) != BuiltInType.Null);
}
