using EdgeTwin.OpcUa.Schema;
using EdgeTwin.OpcUa.Server;
using EdgeTwin.OpcUa.Server.Nodes;
using EdgeTwin.OpcUa.Types;
using EdgeTwin.Tests.Support;

namespace EdgeTwin.Tests.OpcUa.Nodes;

/// <summary>A space with namespace 0 and one of the test's own.</summary>
internal sealed class SpaceFixture : IDisposable
{
    public SpaceFixture(ServerLimits? limits = null)
    {
        Limits = limits ?? new ServerLimits();
        Space = Namespace0.Create(Time, Limits, "urn:test:server");
        Own = Space.Namespaces.Add("urn:test:own");
    }

    public ManualTimeProvider Time { get; } = new();

    public ServerLimits Limits { get; }

    public AddressSpace Space { get; }

    /// <summary>Index of the test's namespace.</summary>
    public ushort Own { get; }

    public NodeId Id(string text) => new(Own, text);

    public ObjectNode Folder(string name, NodeId? parent = null) => Space.Add(
        new ObjectNode(Id(name), new QualifiedName(Own, name)), parent ?? NodeIds.ObjectsFolder, NodeIds.Organizes,
        NodeIds.FolderType);

    /// <summary>A readable and writable variable.</summary>
    public VariableNode Variable(string name, NodeId dataType, Variant value, int rank = -1, NodeId? parent = null)
    {
        var node = new VariableNode(Id(name), new QualifiedName(Own, name))
        {
            DataType = dataType,
            ValueRank = rank,
            AccessLevel = AccessLevelExType.CurrentRead | AccessLevelExType.CurrentWrite,
        };
        node.Set(new DataValue(value, default, Time.UtcNow, Time.UtcNow));
        return Space.Add(node, parent ?? NodeIds.ObjectsFolder, NodeIds.HasComponent);
    }

    public void Dispose() => Space.Dispose();
}
