using EdgeTwin.OpcUa.Encoding;
using EdgeTwin.OpcUa.NodeSets;
using EdgeTwin.OpcUa.Schema;
using EdgeTwin.OpcUa.Types;

namespace EdgeTwin.OpcUa.Client.DataTypes;

/// <summary>The data types of namespace 0, which structures of servers are made of. Read once, when the first structure
/// of a server is met.</summary>
internal sealed class CoreTypes
{
    private static readonly Lazy<CoreTypes> Read = new(static () => new CoreTypes());

    private readonly Dictionary<string, NodeId> byName = [];

    private CoreTypes()
    {
        var core = StandardNodeSets.ReadCore();
        Types.Add(core);
        foreach (var node in core.Nodes)
        {
            if (node.NodeClass == NodeClass.DataType) byName[node.BrowseName.Name!] = node.NodeId;
        }
    }

    public static CoreTypes Instance => Read.Value;

    public TypeDictionary Types { get; } = new();

    /// <summary>The data type of a name; null when there is none.</summary>
    public NodeId ByName(string name) => byName.GetValueOrDefault(name);
}
