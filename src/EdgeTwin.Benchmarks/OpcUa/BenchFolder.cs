using EdgeTwin.OpcUa.Schema;
using EdgeTwin.OpcUa.Server.Nodes;
using EdgeTwin.OpcUa.Types;

namespace EdgeTwin.Benchmarks.OpcUa;

/// <summary>The folder that load clients look for: doubles <c>v0</c>, <c>v1</c> …, all of which change at every
/// tick.</summary>
internal sealed class BenchFolder
{
    private readonly VariableNode[] variables;

    public BenchFolder(AddressSpace space, ushort index, int count)
    {
        using var change = space.BeginChange();
        var folder = space.Add(
            new ObjectNode(new NodeId(index, "Bench"), new QualifiedName(index, "Bench")), NodeIds.ObjectsFolder,
            NodeIds.Organizes, NodeIds.FolderType);
        variables = new VariableNode[count];
        for (var i = 0; i < count; i++)
        {
            var name = $"v{i}";
            variables[i] = space.Add(
                new VariableNode(new NodeId(index, name), new QualifiedName(index, name))
                {
                    DataType = NodeIds.Double,
                    AccessLevel = AccessLevelExType.CurrentRead | AccessLevelExType.CurrentWrite,
                }, folder.Id, NodeIds.HasComponent);
        }
    }

    /// <summary>Changes all of them.</summary>
    public void Change(long tick, TimeProvider time)
    {
        // One scan, one time: as a driver stamps what one answer brought.
        var now = time.GetUtcNow().UtcDateTime;
        for (var i = 0; i < variables.Length; i++)
        {
            variables[i].Set(new DataValue(tick + (i * 0.001), default, now, now));
        }
    }
}
